/** What an API asks for: a scheme in lower case, and its parameters by their names in lower case. */
export type Challenge = {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
};

/** Characters; the challenges of real APIs have a few hundred. */
const LENGTH_MAX = 8192;

const SPACE = /[ \t]*/y;
const COMMAS = /[ \t,]*/y;
const TOKEN = /[!#$%&'*+\-.^_`|~\dA-Za-z]+/y;
/** A token and then `=`, not the padding at the end of a `token68`. */
const NAME = /([!#$%&'*+\-.^_`|~\dA-Za-z]+)[ \t]*=[ \t]*(?=[^=, \t])/y;
const TOKEN68 = /[A-Za-z\d\-._~+/]+=*(?=[ \t]*(?:,|$))/y;
const QUOTED = /"((?:[^"\\]|\\[\s\S])*)"/y;
const END = /[ \t]*(?=,|$)/y;

/**
 * Reads `WWW-Authenticate`, in which several challenges may stand, each with several parameters and
 * commas between all of them. RFC 9110 §11.6.1.
 *
 *     challenge  = auth-scheme [ 1*SP ( token68 / #auth-param ) ]
 *     auth-param = token BWS "=" BWS ( token / quoted-string )
 *
 * A header that leaves this grammar is read as none at all: what an attacker may have put into a
 * part of it must not be taken for the API's word. Of a name that is repeated in one challenge the
 * first value counts.
 */
export function readChallenges(header: string): readonly Challenge[] {
  if (header.length > LENGTH_MAX) return [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(header) ?? undefined;
    if (found !== undefined) at = pattern.lastIndex;
    return found;
  };

  const challenges: Challenge[] = [];
  for (take(COMMAS); at < header.length; take(COMMAS)) {
    const scheme = take(TOKEN)?.[0];
    if (scheme === undefined) return [];
    const parameters = new Map<string, string>();
    challenges.push({ scheme: scheme.toLowerCase(), parameters });
    if (take(SPACE)?.[0] === '') {
      if (take(END) === undefined) return [];
      continue;
    }
    if (!isParameterNext(header, at) && take(TOKEN68) !== undefined) continue;
    while (isParameterNext(header, at)) {
      const name = take(NAME)?.[1]?.toLowerCase();
      const quoted = take(QUOTED)?.[1]?.replace(/\\([\s\S])/g, '$1');
      const value = quoted ?? take(TOKEN)?.[0];
      if (name === undefined || value === undefined || take(END) === undefined) return [];
      if (!parameters.has(name)) parameters.set(name, value);
      const before = at;
      take(COMMAS);
      if (!isParameterNext(header, at)) at = before;
    }
    if (take(END) === undefined) return [];
  }
  return challenges;
}

function isParameterNext(header: string, at: number): boolean {
  NAME.lastIndex = at;
  return NAME.test(header);
}

/** The error that a challenge for tokens names: `Bearer` (RFC 6750 §3) or `DPoP` (RFC 9449 §7.1). */
export const tokenErrorsOf = (header: string): readonly string[] =>
  readChallenges(header)
    .filter(({ scheme }) => scheme === 'bearer' || scheme === 'dpop')
    .flatMap(({ parameters }) => parameters.get('error') ?? []);
