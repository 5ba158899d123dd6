import { type NumericDate, numericDate, ok, refuse } from '@tessera/protocol';
import type { Answer } from '../../contract/routes.ts';
import type { Event } from '../../model/event.ts';
import { findObstacle } from '../../tokens/find-token.ts';
import { describePage, readPage } from '../paging.ts';
import type { UseCase } from '../use-case.ts';

type IssuedToken = Answer<'listTokensOfClient'>['items'][number];

/** Tokens are not kept, but that they were issued is: what the events say, and how each stands now. */
export const listTokensOfClient: UseCase<'listTokensOfClient'> = async (
  env,
  { realm, now },
  { params: { clientId }, query },
) => {
  const registered = await env.store.clients.find(realm.name, clientId);
  if (registered === undefined) return refuse({ reason: 'client_unknown' });
  const listed = await env.store.events.list(realm.name, {
    ...readPage(query),
    type: 'token.issued',
    actorId: clientId,
    // A client of this name that was deleted before was another one.
    since: registered.client.createdAt,
  });
  const read = listed.items.map((event) => readToken(event, clientId));
  const obstacles = await Promise.all(
    read.map(async (token) =>
      token.expiresAt <= now ? 'expired' : findObstacle(env, { ...token, realm: realm.name }),
    ),
  );
  const items: readonly IssuedToken[] = read.map(
    ({ actors: _actors, clientId: _clientId, ...token }, index) => ({
      ...token,
      obstacle: obstacles[index] ?? null,
    }),
  );
  return ok(describePage({ ...listed, items }, (item: IssuedToken) => item));
};

/** What `token.issued` says; members that are as usual are left out there. */
function readToken({ at, subject: { id: jti }, details }: Event, clientId: string) {
  const { scope, audience, format, grantType, subject, actors, credentialId } = details;
  return {
    jti,
    clientId,
    issuedAt: instantOf(details['issuedAt']) ?? at,
    expiresAt: instantOf(details['expiresAt']) ?? at,
    format: format === 'opaque' ? ('opaque' as const) : ('jwt' as const),
    scope: textsOf(scope),
    audience: textsOf(audience),
    grantType: typeof grantType === 'string' ? grantType : 'client_credentials',
    subject: typeof subject === 'string' ? subject : clientId,
    actors: textsOf(actors),
    credentialId: typeof credentialId === 'string' ? credentialId : null,
  };
}

const instantOf = (value: unknown): NumericDate | undefined =>
  typeof value === 'number' ? numericDate(value) : undefined;

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
