import { SIGNING_ALGORITHMS } from '@tessera/protocol';
import {
  type ApiInFile,
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

type Members = Readonly<Record<string, unknown>>;

/** A tenant as Auth0's Deploy CLI writes it into one file: clients, APIs and client grants. */
export function fromAuth0(exported: unknown): Converted {
  if (!isObject(exported) || !Array.isArray(exported['clients']))
    throw new UnreadableConfiguration('it has no clients: a0deploy export --format yaml');
  const notes: Note[] = [];
  const withoutSecret: string[] = [];
  const withoutProof: { clientId: string; lacks: Proof }[] = [];
  const apis = listOf(exported['resourceServers']).flatMap((members) => {
    const read = readApi(members);
    notes.push(...read.notes);
    return read.api === undefined ? [] : [{ api: read.api, was: members['identifier'] }];
  });
  const grants = listOf(exported['clientGrants'] ?? exported['client_grants']);
  const ids = new Set(grants.map((grant) => grant['client_id']));
  const known = new Set<unknown>();
  const clients = listOf(exported['clients']).flatMap((members) => {
    const clientId = textOf(members['client_id']) ?? textOf(members['name']);
    if (clientId === undefined) return [];
    // The Deploy CLI names clients; an export of the API gives their ids.
    const byId = members['client_id'] !== undefined && ids.has(clientId);
    const knownAs = byId ? clientId : members['name'];
    known.add(knownAs);
    const read = readClient(clientId, members);
    notes.push(...read.notes);
    const held = grants
      .filter((grant) => grant['client_id'] === knownAs)
      .flatMap((grant) => {
        const api = apis.find(({ was }) => was === grant['audience'])?.api;
        const given = readGrant(clientId, grant, api);
        notes.push(given.note);
        return given.grant;
      });
    if (read.withoutSecret) withoutSecret.push(clientId);
    if (read.lacks !== undefined) withoutProof.push({ clientId, lacks: read.lacks });
    return [{ ...read.client, grants: held }];
  });
  for (const grant of grants)
    if (!known.has(grant['client_id']))
      notes.push({
        object: `client ${String(grant['client_id'])}`,
        attribute: `grant ${String(grant['audience'])}`,
        fate: 'dropped',
        why: 'the client is not in what was exported',
      });
  for (const section of Object.keys(exported))
    if (!['clients', 'resourceServers', 'clientGrants', 'client_grants'].includes(section))
      notes.push({
        object: 'tenant',
        attribute: section,
        fate: 'dropped',
        why: 'is about people and pages, which are not served here',
      });
  return {
    file: {
      format: 'tessera-realm/1',
      realm: { name: 'auth0' },
      apis: apis.map(({ api }) => api),
      clients,
    },
    notes,
    withoutSecret,
    withoutProof,
  };
}

function readGrant(clientId: string, grant: Members, api: ApiInFile | undefined) {
  const object = `client ${clientId}`;
  const attribute = `grant ${String(grant['audience'])}`;
  if (api === undefined) {
    const why = "the API is Auth0's own, or not in what was exported";
    return { grant: [], note: { object, attribute, fate: 'dropped', why } as const };
  }
  const offered = new Set(api.scopes?.map(({ name }) => name));
  const asked = textsOf(grant['scope']);
  const gone = asked.filter((scope) => !offered.has(scope));
  const why =
    gone.length === 0
      ? `a client grant at ${api.id}`
      : `a client grant at ${api.id}, but for ${gone.join(', ')}: no scopes of the API`;
  return {
    grant: [{ api: api.id, scopes: asked.filter((scope) => offered.has(scope)) }],
    note: { object, attribute, fate: 'mapped', why } as const,
  };
}

const listOf = (value: unknown): readonly Members[] =>
  Array.isArray(value) ? (value as readonly unknown[]).filter(isObject) : [];

type ReadApi = { readonly api: ApiInFile | undefined; readonly notes: readonly Note[] };

function readApi(members: Members): ReadApi {
  const was = textOf(members['identifier']);
  const object = `api ${was ?? ''}`;
  if (was === undefined || members['is_system'] === true) {
    const why = was === undefined ? 'an API has an identifier' : "Auth0's own administration";
    const note = { object, attribute: 'identifier', fate: 'dropped', why } as const;
    return { api: undefined, notes: [note] };
  }
  const account = accountFor(object, members);
  account.map('identifier', 'identifier');
  const identifier = URL.canParse(was) ? was : `urn:auth0:${encodeURIComponent(was)}`;
  if (identifier !== was)
    account.correct('identifier', 'mapped', `identifier ${identifier}, since one is a URI here`);
  const name = textOf(account.map('name', 'name')) ?? was;
  const lifetime = account.map('token_lifetime', 'accessTokenLifetime');
  const scopes = listOf(account.map('scopes', 'scopes')).flatMap((scope) => {
    const value = textOf(scope['value']);
    return value === undefined
      ? []
      : [{ name: value, description: textOf(scope['description']) ?? '' }];
  });
  account.drop('id', 'an API has an id of its own here');
  const wanted = account.map('signing_alg', 'signingAlgorithm');
  const signingAlgorithm = SIGNING_ALGORITHMS.find((one) => one === wanted);
  if (wanted !== undefined && signingAlgorithm === undefined)
    account.correct('signing_alg', 'dropped', 'nobody shares a key with the server here');
  account.drop('signing_secret', 'nobody shares a key with the server here');
  account.drop('token_lifetime_for_web', 'is about browsers');
  account.drop('token_dialect', 'a token says scopes here, and claims of the API');
  account.drop('enforce_policies', 'a client grant is needed in any case');
  account.drop('is_system', 'says that it is none of Auth0');
  const { notes } = account.rest();
  const api: ApiInFile = {
    id: idOf(name),
    identifier,
    name: name.slice(0, 100),
    scopes,
    ...(typeof lifetime === 'number' && { accessTokenLifetime: lifetime }),
    ...(signingAlgorithm !== undefined && { signingAlgorithm }),
  };
  const kept = notes.map((note) =>
    note.fate === 'kept'
      ? ({ ...note, fate: 'dropped', why: 'an API keeps nothing that it does not read' } as const)
      : note,
  );
  return { api, notes: kept };
}

const idOf = (name: string): string => {
  const id = plainIdOf(name);
  // The administration API's own: its scopes are permissions here.
  return id.startsWith('tessera') ? `auth0-${id}` : id;
};

const plainIdOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 50) || 'api';

function readClient(clientId: string, members: Members) {
  const account = accountFor(`client ${clientId}`, members);
  if (members['client_id'] === undefined)
    account.correct(
      'client_id',
      'mapped',
      'clientId: the name, for the export has no ids (AUTH0_EXPORT_IDENTIFIERS)',
    );
  else account.map('client_id', 'clientId');
  const name = textOf(account.map('name', 'name'));
  const description = textOf(account.map('description', 'description'));
  const wanted = textOf(account.map('token_endpoint_auth_method', 'authenticationMethod'));
  const methods = account.map('client_authentication_methods', 'authenticationMethod');
  const others = isObject(methods) ? Object.keys(methods) : [];
  const isPublic = wanted === 'none';
  const method = isPublic
    ? 'none'
    : others.includes('private_key_jwt')
      ? 'private_key_jwt'
      : others.some((one) => one.includes('tls_client_auth'))
        ? 'tls_client_auth'
        : wanted === 'client_secret_basic'
          ? wanted
          : 'client_secret_post';
  if (others.length > 0)
    account.correct(
      'client_authentication_methods',
      'mapped',
      `authenticationMethod: ${method}; the keys and certificates are not in the export`,
    );
  const grantTypes = textsOf(account.map('grant_types', 'grantTypes'));
  const uris = textsOf(account.map('callbacks', 'redirectUris, but for patterns'));
  account.drop('tenant', 'a realm is the tenant here');
  account.drop('client_secret', 'is in no export that was asked for: a new one is made');
  account.drop('jwt_configuration', 'is about ID tokens');
  account.drop('refresh_token', 'is about refresh tokens, which machines do not get');
  account.drop('signing_keys', 'a realm has keys of its own here');
  account.drop('encryption_key', 'no token is encrypted here');
  const rest = account.rest();
  const usesSecret = method.startsWith('client_secret_');
  const client: ClientInFile = {
    clientId,
    ...(name && { name: name.slice(0, 100) }),
    ...(description && { description: description.slice(0, 1_000) }),
    type: isPublic ? 'public' : 'confidential',
    authenticationMethod: method,
    grantTypes: isPublic ? [] : [...grantTypes],
    redirectUris: [...exactUris(uris)],
    ...(usesSecret && { secrets: [{ label: 'imported' }] }),
    ...(Object.keys(rest.kept).length > 0 && { keptAttributes: { auth0: rest.kept } }),
  };
  const lacks: Proof | undefined =
    method === 'private_key_jwt' ? 'key' : method === 'tls_client_auth' ? 'certificate' : undefined;
  return { client, notes: rest.notes, withoutSecret: usesSecret, lacks };
}
