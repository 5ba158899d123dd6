import { CommandFailure } from './command-failure.ts';
import { formatDuration } from './durations.ts';
import { formatInstant, isRecord } from './output.ts';

type Decoded = {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
};

/** Reads a JWT (RFC 7519 §3) and believes nothing of it. */
export function decodeToken(token: string): Decoded {
  const [header, claims, signature, ...others] = token.split('.');
  if (header === undefined || claims === undefined || signature === undefined)
    throw new CommandFailure(
      'usage',
      'this is no JWT: an opaque token says nothing to anybody but the server',
      'Ask the server: tessera token introspect.',
    );
  const decoded = { header: readPart(header), claims: readPart(claims) };
  if (others.length > 0 || decoded.header === undefined || decoded.claims === undefined)
    throw new CommandFailure(
      'usage',
      'this is no JWT, although it has dots: its parts are not JSON in base64url',
      'Check that it was copied whole.',
    );
  return { header: decoded.header, claims: decoded.claims };
}

function readPart(part: string): Readonly<Record<string, unknown>> | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(part)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** For people: one row for each member, and instants as what they mean now. */
export function describeDecoded(
  { header, claims }: Decoded,
  now: number,
): Readonly<Record<string, unknown>> {
  return {
    ...header,
    ...Object.fromEntries(
      Object.entries(claims).map(([name, value]) => [
        Object.hasOwn(header, name) ? `claim ${name}` : name,
        ['exp', 'iat', 'nbf'].includes(name) && typeof value === 'number'
          ? `${formatInstant(value)} (${relate(value, now)})`
          : value,
      ]),
    ),
  };
}

const relate = (instant: number, now: number): string =>
  instant > now ? `in ${formatDuration(instant - now)}` : `${formatDuration(now - instant)} ago`;
