import {
  type Authorization,
  type Confirmation,
  describeNewToken,
  later,
  type NumericDate,
  profileRules,
  type TokenFacts,
  type TokenFormat,
} from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import type { Client } from '../model/client.ts';
import { hasStatusLists, type Provider } from '../model/provider.ts';
import type { Realm } from '../model/realm.ts';
import { newOpaqueToken } from './opaque-token.ts';
import { partiesOf } from './parties-of.ts';

export type IssuedToken = {
  readonly text: string;
  readonly format: TokenFormat;
  readonly facts: TokenFacts;
};

/**
 * Makes the token that a grant authorised. RFC 9068 §2 for JWTs, unless the realm's profile is another; an opaque token is a row under
 * the digest of its text, durable before it is handed out.
 */
export async function issueAccessToken(
  env: Pick<Environment, 'store' | 'keyRing' | 'hasher' | 'random' | 'addresses' | 'statusPlaces'>,
  { realm, provider }: { readonly realm: Realm; readonly provider: Provider },
  client: Client,
  authorization: Authorization,
  confirmation: Confirmation | undefined,
  now: NumericDate,
): Promise<IssuedToken> {
  // All tokens of this second may just have been revoked: the new one belongs to the next.
  const issuedAt = Math.max(now, realm.tokensValidFrom, client.tokensValidFrom) as NumericDate;
  const { responses } = profileRules(provider.securityProfile);
  const facts = describeNewToken(
    authorization,
    confirmation,
    realm.name,
    env.addresses.issuer(realm.name),
    Buffer.from(env.random.bytes(responses.identifierBytes)).toString('base64url'),
    issuedAt,
    endOf(authorization, issuedAt),
    authorization.tokenFormat === 'jwt' && hasStatusLists(provider)
      ? env.statusPlaces.allot(realm.name, partiesOf(authorization), issuedAt)
      : undefined,
  );
  if (authorization.tokenFormat === 'jwt') {
    const claims = responses.describeClaims(facts);
    const { signingAlgorithm } = authorization;
    return {
      text: await env.keyRing.sign(realm.name, signingAlgorithm, claims, responses.typ),
      format: 'jwt',
      facts,
    };
  }
  const text = newOpaqueToken(env.random, responses.opaqueTokens);
  await env.store.insertToken({ ...facts, digest: env.hasher.digest('token', text) });
  return { text, format: 'opaque', facts };
}

/** A token made of another ends with it at the latest. */
const endOf = ({ lifetime, expiresBy }: Authorization, issuedAt: NumericDate): NumericDate => {
  const end = later(issuedAt, lifetime);
  return expiresBy === undefined || end <= expiresBy ? end : expiresBy;
};
