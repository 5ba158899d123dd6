import { SIGNING_ALGORITHMS } from '@tessera/protocol';
import {
  accountFor,
  type ClientInFile,
  type Converted,
  exactUris,
  isObject,
  type Note,
  type Proof,
  textOf,
  textsOf,
  UnreadableConfiguration,
} from './converted.ts';

const METHODS = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'none',
] as const satisfies readonly ClientInFile['authenticationMethod'][];

/** Clients of Ory Hydra: `hydra list oauth2-clients --format json`, or its administration API. */
export function fromHydra(exported: unknown): Converted {
  const given = isObject(exported) ? (exported['items'] ?? exported['clients']) : exported;
  if (!Array.isArray(given))
    throw new UnreadableConfiguration(
      'it is no list of clients: hydra list oauth2-clients --format json',
    );
  const notes: Note[] = [];
  const withoutSecret: string[] = [];
  const withoutProof: { clientId: string; lacks: Proof }[] = [];
  if (isObject(exported) && textOf(exported['next_page_token']) !== undefined)
    notes.push({
      object: 'list',
      attribute: 'next_page_token',
      fate: 'dropped',
      why: 'there are more clients than are listed: import the next page, too',
    });
  const clients = (given as readonly unknown[]).filter(isObject).flatMap((members) => {
    const clientId = textOf(members['client_id']);
    if (clientId === undefined) {
      const object = `client ${textOf(members['client_name']) ?? ''}`;
      notes.push({ object, attribute: 'client_id', fate: 'dropped', why: 'a client has an id' });
      return [];
    }
    const read = readClient(clientId, members);
    notes.push(...read.notes);
    if (read.withoutSecret) withoutSecret.push(clientId);
    if (read.lacks !== undefined) withoutProof.push({ clientId, lacks: read.lacks });
    return [read.client];
  });
  return {
    file: { format: 'tessera-realm/1', realm: { name: 'hydra' }, clients },
    notes,
    withoutSecret,
    withoutProof,
  };
}

function readClient(clientId: string, members: Readonly<Record<string, unknown>>) {
  const account = accountFor(`client ${clientId}`, members);
  account.map('client_id', 'clientId');
  const name = textOf(account.map('client_name', 'name'));
  const wanted = textOf(account.map('token_endpoint_auth_method', 'authenticationMethod'));
  const method = METHODS.find((one) => one === wanted) ?? 'client_secret_basic';
  if (wanted !== undefined && wanted !== method)
    account.correct(
      'token_endpoint_auth_method',
      'mapped',
      `authenticationMethod: ${method}, since ${wanted} is none that could be taken over`,
    );
  const isPublic = method === 'none';
  const grantTypes = textsOf(account.map('grant_types', 'grantTypes'));
  const scopes = (textOf(account.map('scope', 'scopes')) ?? '').split(' ').filter(Boolean);
  const uris = textsOf(account.map('redirect_uris', 'redirectUris'));
  const format = textOf(account.map('access_token_strategy', 'tokenFormat'));
  const span = textOf(
    account.map('client_credentials_grant_access_token_lifespan', 'accessTokenLifetime'),
  );
  const jwksUri = textOf(account.map('jwks_uri', 'keys'));
  const jwks = account.map('jwks', 'keys');
  const asserted =
    method === 'private_key_jwt'
      ? account.map('token_endpoint_auth_signing_alg', 'assertionAlgorithm')
      : account.drop('token_endpoint_auth_signing_alg', 'the client signs nothing');
  const assertionAlgorithm = SIGNING_ALGORITHMS.find((one) => one === asserted);
  if (textOf(asserted) !== undefined && assertionAlgorithm === undefined)
    account.correct(
      'token_endpoint_auth_signing_alg',
      'dropped',
      'any algorithm is taken that fits its keys',
    );
  account.drop('client_secret', 'is a hash, or nothing: a new one is made');
  account.drop('client_secret_expires_at', 'secrets are made anew');
  account.drop('registration_access_token', 'a client that registers itself here gets one of here');
  account.drop('registration_client_uri', 'a client that registers itself here has one of here');
  for (const what of ['created_at', 'updated_at']) account.drop(what, 'the client begins here now');
  const lifetime = span === undefined ? undefined : secondsOf(span);
  if (span !== undefined && lifetime === undefined)
    account.correct(
      'client_credentials_grant_access_token_lifespan',
      'dropped',
      'is no whole number of seconds: tokens live as long as the realm says',
    );
  const usesSecret = method.startsWith('client_secret_');
  const all: readonly unknown[] =
    isObject(jwks) && Array.isArray(jwks['keys']) ? (jwks['keys'] as readonly unknown[]) : [];
  const keys = all.filter(isPublicKey);
  if (keys.length < all.length)
    account.correct(
      'jwks',
      keys.length === 0 ? 'dropped' : 'mapped',
      `keys, but for ${all.length - keys.length} with a private or shared part`,
    );
  const rest = account.rest(HINTS);
  const client: ClientInFile = {
    clientId,
    ...(name && { name: name.slice(0, 100) }),
    type: isPublic ? 'public' : 'confidential',
    authenticationMethod: method,
    grantTypes: isPublic ? [] : [...grantTypes],
    scopes: [...new Set(scopes)],
    redirectUris: [...exactUris(uris)],
    ...(lifetime !== undefined && { accessTokenLifetime: lifetime }),
    ...(assertionAlgorithm !== undefined && { assertionAlgorithm }),
    ...((format === 'jwt' || format === 'opaque') && { tokenFormat: format }),
    ...(usesSecret && { secrets: [{ label: 'imported' }] }),
    keys: [
      ...keys.map((jwk) => ({ jwk, label: '' })),
      ...(jwksUri === undefined ? [] : [{ jwksUri, label: '' }]),
    ],
    ...(Object.keys(rest.kept).length > 0 && { keptAttributes: { hydra: rest.kept } }),
  };
  const lacks: Proof | undefined =
    method === 'private_key_jwt' && client.keys?.length === 0 ? 'key' : undefined;
  return { client, notes: rest.notes, withoutSecret: usesSecret, lacks };
}

/** What is kept and yet asks for something to be done. */
const HINTS = {
  audience: 'is kept; an audience is an API here: tessera api create, and tessera grant set',
  metadata: 'is kept; what claims shall say of a client is in its attributes here',
} as const;

/** A private or shared key is nobody's business. */
const isPublicKey = (key: unknown): key is Record<string, unknown> =>
  isObject(key) && !('d' in key) && !('k' in key);

/** As Go writes lengths of time: `1h30m0s`. */
function secondsOf(text: string): number | undefined {
  const [all, hours = '0', minutes = '0', whole = '0'] =
    /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? [];
  const sum = Number(hours) * 3_600 + Number(minutes) * 60 + Number(whole);
  return all === undefined || sum === 0 ? undefined : sum;
}
