import { type Seconds, seconds } from '@tessera/protocol';

/** The most that a recipient has to be able to count to. RFC 9111 §1.2.2. */
const MAX = 2 ** 31;

/** One directive, `name` or `name=value`, the value a token or a quoted string. RFC 9111 §5.2. */
const DIRECTIVE = /^([!#$%&'*+.^_`|~\w-]+)(?:=(?:([!#$%&'*+.^_`|~\w-]+)|"((?:[^"\\]|\\.)*)"))?$/;

/**
 * How long `Cache-Control` calls a response fresh: the first `max-age`, 0 where nothing may be kept,
 * undefined when it does not say, or not so that it can be read. RFC 9111 §5.2.2.1.
 */
export function readMaxAge(cacheControl: string | undefined): Seconds | undefined {
  const directives = (cacheControl?.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? []).map((text) => {
    const [, name = '', token, quoted] = DIRECTIVE.exec(text.trim()) ?? [];
    return { name: name.toLowerCase(), value: token ?? quoted };
  });
  if (directives.some(({ name }) => name === 'no-store' || name === 'no-cache')) return seconds(0);
  const given = directives.find(({ name }) => name === 'max-age')?.value;
  if (given === undefined || !/^\d+$/.test(given)) return undefined;
  return seconds(Math.min(Number(given), MAX));
}
