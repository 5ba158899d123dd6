import {
  type ClientAssertion,
  type ClientMetadata,
  hostOfClientIdUrl,
  isAllowedHost,
  type NumericDate,
  ok,
  type ProfileRules,
  type Refusal,
  type Result,
  refuse,
} from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import type { RegisteredClient } from '../model/client.ts';
import type { Credential, Material } from '../model/credential.ts';
import type { Provider } from '../model/provider.ts';
import type { Realm } from '../model/realm.ts';
import type { AuthenticatedClient } from './authenticated-client.ts';
import { judgeAssertion } from './believe-assertion.ts';
import { documentClient, keepDocumentClient } from './keep-document-client.ts';
import { type ReachedClient, reachClient } from './reach-client.ts';
import { thumbprintOf } from './thumbprint.ts';

export type DocumentEnvironment = Pick<
  Environment,
  'store' | 'hasher' | 'addresses' | 'keySets' | 'clientDocuments' | 'failureBudget'
>;

export type DocumentCaller = {
  readonly realm: Realm;
  readonly provider: Provider;
  /** The caller's address, for failure budgets. */
  readonly address: string;
  readonly requestId: string;
  readonly now: NumericDate;
};

/** Whether a client id is the address of a document that the realm believes. */
export function isDocumentClient({ clientIdMetadataHosts }: Provider, clientId: string): boolean {
  const host = hostOfClientIdUrl(clientId);
  return host !== undefined && isAllowedHost(host, clientIdMetadataHosts);
}

/**
 * Believes an assertion by the keys of the document at the client's id: whoever decides what is
 * at that address is the client (draft-ietf-oauth-client-id-metadata-document). Once it has proved
 * itself it is kept as a client, so that it can be seen, granted more, and disabled like any other.
 *
 * An administrator's client of the same id goes before the document.
 */
export async function authenticateByDocument(
  env: DocumentEnvironment,
  caller: DocumentCaller,
  rules: ProfileRules,
  assertion: ClientAssertion,
  audiences: readonly string[],
): Promise<Result<AuthenticatedClient, Refusal>> {
  const { realm, provider, address, now } = caller;
  const clientId = assertion.subject;
  const kept = await env.store.clients.find(realm.name, clientId);
  const registered: ReachedClient = reachClient(kept, address) ?? {
    client: documentClient(provider, clientId, now),
    credentials: [],
    grants: [],
  };
  const ofDocument = registered.client.origin === 'metadata_document';
  let metadata: ClientMetadata | undefined;
  const believed = await judgeAssertion(
    env,
    realm,
    rules,
    assertion,
    audiences,
    now,
    registered,
    async () => {
      if (!ofDocument || registered.barred !== undefined) return ok(registered.credentials);
      const found = await findMetadata(env, caller, assertion);
      if (!found.ok) return found;
      metadata = found.value;
      return ok(credentialsOf(registered, metadata));
    },
  );
  if (!believed.ok || kept !== undefined || metadata === undefined) return believed;
  const inserted = await keepDocumentClient(env, caller, { ...registered.client }, metadata);
  return inserted.ok ? ok({ ...believed.value, ...inserted.value }) : inserted;
}

/**
 * Strangers can name any address of the hosts in question, so each of theirs that leads to no
 * document counts as a failed attempt.
 */
async function findMetadata(
  env: DocumentEnvironment,
  { realm, address }: DocumentCaller,
  { subject: clientId, algorithm }: ClientAssertion,
): Promise<Result<ClientMetadata, Refusal>> {
  const key = { realm: realm.name, claimant: clientId, address };
  const retryAfter = env.failureBudget.wait(key);
  if (retryAfter > 0) return refuse({ reason: 'failures_too_many', clientId, retryAfter });
  const found = await env.clientDocuments.find(clientId);
  if (!found.ok) {
    env.failureBudget.failed(key);
    const { refusal } = found;
    return 'problem' in refusal
      ? refuse({ reason: 'client_document_unavailable', clientId, problem: refusal.problem })
      : refuse({ reason: 'client_document_invalid', clientId, ...refusal });
  }
  const { assertionAlgorithm = algorithm } = found.value;
  return assertionAlgorithm === algorithm
    ? found
    : refuse({ reason: 'assertion_algorithm_not_allowed', clientId });
}

/** The keys of the document as credentials; they are kept nowhere but in what was fetched. */
function credentialsOf(
  { client: { realm, clientId, createdAt } }: RegisteredClient,
  { keys, jwksUri }: ClientMetadata,
): readonly Credential[] {
  const materials: readonly Material[] =
    jwksUri === undefined
      ? keys.map((key) => ({ kind: 'public_key', key, thumbprint: thumbprintOf(key) }))
      : [{ kind: 'jwks_uri', uri: jwksUri }];
  return materials.map((material) => ({
    realm,
    clientId,
    id: 'metadata-document',
    label: '',
    material,
    createdAt,
    expiresAt: undefined,
    lastUsedAt: undefined,
    lastUsedAddress: undefined,
    revision: 1,
  }));
}
