import { type CompactJws, isJwtType, readStatusReference } from '@tessera/protocol';
import type { Verdict } from './signatures.ts';

/** One thing that an API looks at before it takes a token, and what came of it. */
export type Check = {
  readonly name: string;
  /** `note`: neither good nor bad; `open`: not looked at yet. */
  readonly outcome: 'good' | 'bad' | 'note' | 'open';
  readonly text: string;
};

export type Expected = {
  /** Of the realm; undefined: not known to this person. */
  readonly issuer: string | undefined;
  /** Of the API that would take the token; empty: any. */
  readonly audience: string;
  readonly now: number;
  readonly signature: Verdict | undefined;
};

const SIGNATURE: Readonly<Record<Verdict, Pick<Check, 'outcome' | 'text'>>> = {
  verified: { outcome: 'good', text: 'A key that this realm publishes made it.' },
  wrong: {
    outcome: 'bad',
    text: 'The key that it names did not make it: the token was changed, or cut when it was copied.',
  },
  'key-unknown': {
    outcome: 'bad',
    text: 'This realm publishes no key of that name: it is from another realm or server, or its key has been retired.',
  },
  'algorithm-unknown': {
    outcome: 'bad',
    text: 'Its algorithm is none that signs access tokens here. Nobody should take it.',
  },
  'not-here': {
    outcome: 'open',
    text: 'Browsers verify on pages with https or on this machine alone. Ask the server instead.',
  },
};

/** What an API asks of a JWT access token. RFC 9068 §4, RFC 9449 §6, RFC 8705 §3 */
export const judgeToken = (jws: CompactJws, expected: Expected): readonly Check[] => [
  judgeSignature(jws, expected),
  judgeIssuer(jws, expected),
  ...judgeTime(jws, expected),
  judgeType(jws),
  judgeAudience(jws, expected),
  judgeBinding(jws),
];

function judgeSignature({ header }: CompactJws, { signature }: Expected): Check {
  const { kid } = header;
  const by = typeof kid === 'string' ? `${header.alg}, key ${kid}. ` : `${header.alg}. `;
  const { outcome, text } =
    signature === undefined
      ? { outcome: 'open' as const, text: 'The public keys of the realm are being fetched.' }
      : SIGNATURE[signature];
  return { name: 'Signature', outcome, text: by + text };
}

function judgeIssuer({ claims }: CompactJws, { issuer }: Expected): Check {
  const name = 'Issuer';
  const { iss } = claims;
  if (typeof iss !== 'string')
    return { name, outcome: 'bad', text: 'It does not say who issued it.' };
  if (issuer === undefined) return { name, outcome: 'open', text: `It says ${iss}.` };
  return iss === issuer
    ? { name, outcome: 'good', text: `${iss}, which is this realm.` }
    : { name, outcome: 'bad', text: `${iss}. This realm is ${issuer}.` };
}

function judgeTime({ claims }: CompactJws, { now }: Expected): readonly Check[] {
  const { exp, nbf, iat } = claims;
  const name = 'Expiry';
  const checks: Check[] = [];
  if (typeof exp !== 'number')
    checks.push({ name, outcome: 'bad', text: 'It does not say when it ends.' });
  else if (exp <= now)
    checks.push({
      name,
      outcome: 'bad',
      text: `It ended ${span(now - exp)} ago. Its client fetches a new one.`,
    });
  else checks.push({ name, outcome: 'good', text: `It is good for another ${span(exp - now)}.` });
  const from = [nbf, iat].filter((value) => typeof value === 'number');
  const begins = Math.max(...from);
  if (from.length > 0 && begins > now)
    checks.push({
      name: 'Clock',
      outcome: 'bad',
      text: `Its time begins in ${span(begins - now)}: the clock of this computer, or of the server, is wrong.`,
    });
  return checks;
}

const judgeType = ({ header }: CompactJws): Check =>
  isJwtType(header['typ'], ['at+jwt'])
    ? { name: 'Type', outcome: 'good', text: 'at+jwt: an access token and nothing else.' }
    : {
        name: 'Type',
        outcome: 'bad',
        text: `${typeof header['typ'] === 'string' ? header['typ'] : 'None'}. Access tokens say at+jwt, so that no other JWT is taken for one. Realms with the PingOne profile leave it out.`,
      };

function judgeAudience({ claims }: CompactJws, { audience }: Expected): Check {
  const name = 'Audience';
  const { aud } = claims;
  const named = (Array.isArray(aud) ? aud : [aud]).filter((value) => typeof value === 'string');
  if (named.length === 0)
    return { name, outcome: 'bad', text: 'It does not say which API it is for.' };
  if (audience === '')
    return {
      name,
      outcome: 'note',
      text: `For ${named.join(', ')}. An API takes it only if that is its own name.`,
    };
  return named.includes(audience)
    ? { name, outcome: 'good', text: `For ${audience}.` }
    : { name, outcome: 'bad', text: `For ${named.join(', ')}, not for ${audience}.` };
}

function judgeBinding({ claims }: CompactJws): Check {
  const name = 'Binding';
  const cnf = claims['cnf'] as Readonly<Record<string, unknown>> | undefined;
  if (typeof cnf?.['jkt'] === 'string')
    return {
      name,
      outcome: 'good',
      text: `Bound to the DPoP key ${cnf['jkt']}: stolen, it is of no use without that key.`,
    };
  if (typeof cnf?.['x5t#S256'] === 'string')
    return {
      name,
      outcome: 'good',
      text: `Bound to the client certificate ${cnf['x5t#S256']}: stolen, it is of no use without it.`,
    };
  return {
    name,
    outcome: 'note',
    text: 'Bound to nothing: whoever holds it can use it until it ends.',
  };
}

/** Where it says that its status is found; undefined: nowhere. */
export function findStatusList({ claims }: CompactJws) {
  const reference = readStatusReference(claims['status']);
  return reference === 'none' || reference === 'malformed' ? undefined : reference;
}

/** Seconds as people say them: `43 minutes`. */
export function span(seconds: number): string {
  for (const [unit, length] of UNITS)
    if (seconds >= 2 * length || length === 1) {
      const count = Math.floor(seconds / length);
      return `${count.toLocaleString()} ${unit}${count === 1 ? '' : 's'}`;
    }
  return '';
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;
