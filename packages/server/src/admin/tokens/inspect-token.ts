import { ok, refuse, type TokenFacts } from '@tessera/protocol';
import type { Answer } from '../../contract/routes.ts';
import type { TOKEN_OBSTACLES } from '../../contract/tokens.ts';
import type { Environment } from '../../environment.ts';
import { findObstacle, readToken } from '../../tokens/find-token.ts';
import { isOpaqueToken } from '../../tokens/opaque-token.ts';
import { ownsClient } from '../ownership.ts';
import type { Asked, UseCase } from '../use-case.ts';

type Obstacle = (typeof TOKEN_OBSTACLES)[number];

const EXPLANATIONS: { readonly [Reason in Obstacle]: string } = {
  'not-of-this-realm':
    'This realm did not issue it, or the key that signed it has been removed, or it was changed.',
  expired: 'Its time is over.',
  revoked: 'It was revoked.',
  'client-unknown': 'Its client has been deleted.',
  'client-disabled': 'Its client is disabled.',
  'client-tokens-revoked': 'All tokens of its client were revoked after it was issued.',
  'realm-disabled': 'The realm is disabled.',
  'realm-tokens-revoked': 'All tokens of the realm were revoked after it was issued.',
};

export const inspectToken: UseCase<'inspectToken'> = async (env, asked, { body }) => {
  const facts = await readToken(env, asked.realm.name, body.token);
  const { ownedBy } = asked;
  if (ownedBy !== undefined && !(await ownsClient(env, asked.realm.name, ownedBy, facts?.clientId)))
    return refuse({ reason: 'not_owned' });
  const obstacle = await explain(env, asked, facts);
  return ok({
    active: obstacle === undefined,
    obstacle: obstacle ?? null,
    explanation: obstacle === undefined ? 'It is active.' : EXPLANATIONS[obstacle],
    format: facts === undefined ? null : isOpaqueToken(body.token) ? 'opaque' : 'jwt',
    facts: facts === undefined ? null : describeFacts(facts),
  });
};

async function explain(
  env: Pick<Environment, 'store'>,
  { now }: Asked,
  facts: TokenFacts | undefined,
): Promise<Obstacle | undefined> {
  if (facts === undefined) return 'not-of-this-realm';
  return facts.expiresAt <= now ? 'expired' : findObstacle(env, facts);
}

const describeFacts = (facts: TokenFacts): NonNullable<Answer<'inspectToken'>['facts']> => ({
  jti: facts.jti,
  issuer: facts.issuer,
  clientId: facts.clientId,
  subject: facts.subject,
  actors: facts.actors,
  audience: facts.audience,
  scope: facts.scope,
  grantType: facts.grantType,
  issuedAt: facts.issuedAt,
  expiresAt: facts.expiresAt,
});
