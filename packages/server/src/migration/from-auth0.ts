import {
  type ApiInFile,
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

type Members = Readonly<Record<string, unknown>>;

/** A tenant as Auth0's Deploy CLI writes it into one file: clients, APIs and client grants. */
export function fromAuth0(exported: unknown): Converted {
  if (!isObject(exported) || !Array.isArray(exported['clients']))
    throw new UnreadableConfiguration('it has no clients: a0deploy export --format yaml');
  const notes: Note[] = [];
  const withoutSecret: string[] = [];
  const apis = listOf(exported['resourceServers']).flatMap((members) => {
    const read = readApi(members);
    if (read === undefined) return [];
    notes.push(...read.notes);
    return [read.api];
  });
  const grants = listOf(exported['clientGrants'] ?? exported['client_grants']);
  const ids = new Set(grants.map((grant) => grant['client_id']));
  const clients = listOf(exported['clients']).flatMap((members) => {
    const clientId = textOf(members['client_id']) ?? textOf(members['name']);
    if (clientId === undefined) return [];
    // The Deploy CLI names clients; an export of the API gives their ids.
    const byId = members['client_id'] !== undefined && ids.has(clientId);
    const held = grants
      .filter((grant) => grant['client_id'] === (byId ? clientId : members['name']))
      .flatMap((grant) => {
        const api = apis.find(({ identifier }) => identifier === grant['audience']);
        return api === undefined ? [] : [{ api: api.id, scopes: [...textsOf(grant['scope'])] }];
      });
    const read = readClient(clientId, members);
    notes.push(...read.notes);
    if (read.withoutSecret) withoutSecret.push(clientId);
    return [{ ...read.client, grants: held }];
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
    file: { format: 'tessera-realm/1', realm: { name: 'auth0' }, apis, clients },
    notes,
    withoutSecret,
  };
}

const listOf = (value: unknown): readonly Members[] =>
  Array.isArray(value) ? (value as readonly unknown[]).filter(isObject) : [];

function readApi(members: Members) {
  const identifier = textOf(members['identifier']);
  // Of Auth0's own administration there is no counterpart.
  if (identifier === undefined || members['is_system'] === true) return undefined;
  const account = accountFor(`api ${identifier}`, members);
  account.map('identifier', 'identifier');
  const name = textOf(account.map('name', 'name')) ?? identifier;
  const lifetime = account.map('token_lifetime', 'accessTokenLifetime');
  const scopes = listOf(account.map('scopes', 'scopes')).flatMap((scope) => {
    const value = textOf(scope['value']);
    return value === undefined
      ? []
      : [{ name: value, description: textOf(scope['description']) ?? '' }];
  });
  account.drop('id', 'an API has an id of its own here');
  account.drop('signing_alg', 'tokens are signed as the realm has it');
  const { notes } = account.rest();
  const api: ApiInFile = {
    id: idOf(name),
    identifier: URL.canParse(identifier)
      ? identifier
      : `urn:auth0:${encodeURIComponent(identifier)}`,
    name: name.slice(0, 100),
    scopes,
    ...(typeof lifetime === 'number' && { accessTokenLifetime: lifetime }),
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
  account.map('client_id', 'clientId');
  const name = textOf(account.map('name', 'name'));
  const description = textOf(account.map('description', 'description'));
  const method = textOf(account.map('token_endpoint_auth_method', 'authenticationMethod'));
  const isPublic = method === 'none';
  const grantTypes = textsOf(account.map('grant_types', 'grantTypes'));
  const uris = textsOf(account.map('callbacks', 'redirectUris, but for patterns'));
  account.drop('tenant', 'a realm is the tenant here');
  const rest = account.rest();
  const client: ClientInFile = {
    clientId,
    ...(name && { name: name.slice(0, 100) }),
    ...(description && { description: description.slice(0, 1_000) }),
    type: isPublic ? 'public' : 'confidential',
    authenticationMethod: isPublic
      ? 'none'
      : method === 'client_secret_basic'
        ? method
        : 'client_secret_post',
    grantTypes: isPublic ? [] : [...grantTypes],
    redirectUris: [...exactUris(uris)],
    ...(!isPublic && { secrets: [{ label: 'imported' }] }),
    ...(Object.keys(rest.kept).length > 0 && { keptAttributes: { auth0: rest.kept } }),
  };
  return { client, notes: rest.notes, withoutSecret: !isPublic };
}
