import {
  accountFor,
  type ClientInFile,
  type Converted,
  exactUris,
  isObject,
  type Note,
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
  const clients = (given as readonly unknown[]).filter(isObject).flatMap((members) => {
    const clientId = textOf(members['client_id']);
    if (clientId === undefined) return [];
    const read = readClient(clientId, members);
    notes.push(...read.notes);
    if (read.withoutSecret) withoutSecret.push(clientId);
    return [read.client];
  });
  return {
    file: { format: 'tessera-realm/1', realm: { name: 'hydra' }, clients },
    notes,
    withoutSecret,
  };
}

function readClient(clientId: string, members: Readonly<Record<string, unknown>>) {
  const account = accountFor(`client ${clientId}`, members);
  account.map('client_id', 'clientId');
  const name = textOf(account.map('client_name', 'name'));
  const wanted = textOf(account.map('token_endpoint_auth_method', 'authenticationMethod'));
  const method = METHODS.find((one) => one === wanted) ?? 'client_secret_basic';
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
  account.drop('client_secret_expires_at', 'secrets are made anew');
  for (const what of ['created_at', 'updated_at']) account.drop(what, 'the client begins here now');
  const rest = account.rest();
  const lifetime = span === undefined ? undefined : secondsOf(span);
  const usesSecret = method.startsWith('client_secret_');
  const keys =
    isObject(jwks) && Array.isArray(jwks['keys']) ? jwks['keys'].filter(isPublicKey) : [];
  const client: ClientInFile = {
    clientId,
    ...(name && { name: name.slice(0, 100) }),
    type: isPublic ? 'public' : 'confidential',
    authenticationMethod: method,
    grantTypes: isPublic ? [] : [...grantTypes],
    scopes: [...new Set(scopes)],
    redirectUris: [...exactUris(uris)],
    ...(lifetime !== undefined && { accessTokenLifetime: lifetime }),
    ...((format === 'jwt' || format === 'opaque') && { tokenFormat: format }),
    ...(usesSecret && { secrets: [{ label: 'imported' }] }),
    keys: [
      ...keys.map((jwk) => ({ jwk, label: '' })),
      ...(jwksUri === undefined ? [] : [{ jwksUri, label: '' }]),
    ],
    ...(Object.keys(rest.kept).length > 0 && { keptAttributes: { hydra: rest.kept } }),
  };
  return { client, notes: rest.notes, withoutSecret: usesSecret };
}

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
