import {
  type ClientMetadata,
  type NumericDate,
  ok,
  type Refusal,
  type Result,
  refuse,
} from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import type { Client, RegisteredClient } from '../model/client.ts';
import type { NewEvent } from '../model/event.ts';
import type { Provider } from '../model/provider.ts';
import { firstValid } from '../model/token.ts';

/** Clients of documents in one realm: a host that is believed can name any number of them. */
export const DOCUMENT_CLIENTS_MAX = 1_000;

/** A client that nobody has registered, before its document was read. */
export const documentClient = (
  { realm, registrationScopes }: Provider,
  clientId: string,
  now: NumericDate,
): Client => ({
  realm,
  clientId,
  name: clientId.slice(0, 100),
  description: '',
  enabled: true,
  type: 'confidential',
  grantTypes: [],
  authenticationMethod: 'private_key_jwt',
  strictAuthenticationMethod: true,
  assertionAlgorithm: undefined,
  assertionReuse: 'refused',
  tokenExchange: 'delegation',
  tokenBinding: 'optional',
  scopes: registrationScopes,
  defaultScopes: [],
  redirectUris: [],
  allowedAddresses: [],
  accessTokenLifetime: undefined,
  tokenFormat: undefined,
  signingAlgorithm: undefined,
  quotaMode: undefined,
  tokensPerHour: undefined,
  tokensPerDay: undefined,
  tokenReuseSeconds: undefined,
  attributes: {},
  origin: 'metadata_document',
  registeredMetadata: undefined,
  keptAttributes: undefined,
  registrationTokenDigest: undefined,
  tokensValidFrom: now,
  createdAt: now,
  revision: 1,
});

type Occasion = { readonly requestId: string; readonly now: NumericDate };

/** Writes the client unless another request just did; what is written then counts. */
export async function keepDocumentClient(
  env: Pick<Environment, 'store'>,
  { requestId, now }: Occasion,
  believed: Client,
  { name = believed.name, grantTypes, tokenBinding, about }: ClientMetadata,
): Promise<Result<RegisteredClient, Refusal>> {
  const client: Client = {
    ...believed,
    name,
    grantTypes,
    tokenBinding,
    registeredMetadata: about,
  };
  const { realm, clientId } = client;
  const kept = await env.store.commit<readonly NewEvent[], Refusal>(
    (events) => events,
    async (rows) => {
      if ((await rows.clients.find(realm, clientId)) !== undefined) return ok([]);
      const count = await rows.clients.countOfOrigin(realm, client.origin, DOCUMENT_CLIENTS_MAX);
      if (count >= DOCUMENT_CLIENTS_MAX)
        return refuse({ reason: 'client_documents_too_many', clientId });
      const earlier = await rows.revokedHolders.find(realm, clientId);
      await rows.clients.insert({ ...client, tokensValidFrom: firstValid(earlier, now) });
      return ok([clientKept(client, now, requestId)]);
    },
  );
  if (!kept.ok) return kept;
  const registered = await env.store.clients.find(realm, clientId);
  if (registered === undefined) return refuse({ reason: 'client_unknown', clientId });
  return registered.client.enabled
    ? ok(registered)
    : refuse({ reason: 'client_disabled', clientId });
}

const clientKept = (
  { realm, clientId, origin, name, scopes, grantTypes }: Client,
  at: NumericDate,
  requestId: string,
): NewEvent => ({
  at,
  realm,
  type: 'client.registered',
  actor: { kind: 'client', id: clientId },
  subject: { kind: 'client', id: clientId },
  details: {
    origin: { to: origin },
    name: { to: name },
    scopes: { to: scopes },
    grantTypes: { to: grantTypes },
  },
  requestId,
});
