import {
  accountFor,
  type ClientInFile,
  type Converted,
  exactUris,
  isObject,
  type Note,
  type RealmFile,
  realmNameOf,
  textOf,
  textsOf,
  UnreadableConfiguration,
} from './converted.ts';

/** Clients that Keycloak makes for itself in every realm. */
const OWN = new Set([
  'account',
  'account-console',
  'admin-cli',
  'broker',
  'realm-management',
  'security-admin-console',
]);

/** How Keycloak's authenticators are called here. */
const METHODS = new Map<string, NonNullable<ClientInFile['authenticationMethod']>>([
  ['client-secret', 'client_secret_basic'],
  ['client-secret-jwt', 'client_secret_jwt'],
  ['client-jwt', 'private_key_jwt'],
  ['client-x509', 'tls_client_auth'],
]);

/** A realm as Keycloak exports it: `kc.sh export`, or the console's partial export. */
export function fromKeycloak(exported: unknown): Converted {
  if (!isObject(exported) || !Array.isArray(exported['clients']))
    throw new UnreadableConfiguration('it has no clients: export the realm with its clients');
  const realm = textOf(exported['realm']) ?? 'imported';
  const notes: Note[] = [];
  const withoutSecret: string[] = [];
  const clients: ClientInFile[] = [];
  for (const one of exported['clients'] as readonly unknown[]) {
    if (!isObject(one)) continue;
    const clientId = textOf(one['clientId']);
    if (clientId === undefined) continue;
    if (OWN.has(clientId)) {
      const why = "Keycloak's own; there is nothing for it to do here";
      notes.push({ object: `client ${clientId}`, attribute: '', fate: 'dropped', why });
      continue;
    }
    const read = readClient(clientId, one);
    clients.push(read.client);
    notes.push(...read.notes);
    if (read.withoutSecret) withoutSecret.push(clientId);
  }
  const settings = accountFor('realm', exported);
  settings.map('realm', 'the name of the realm');
  settings.map('clients', 'clients');
  const displayName = textOf(settings.map('displayName', 'displayName'));
  const lifetime = settings.map('accessTokenLifespan', 'accessTokenLifetime');
  // What else a realm of Keycloak has is about people, sessions and pages.
  notes.push(...settings.rest().notes.map(asDropped));
  const file: RealmFile = {
    format: 'tessera-realm/1',
    realm: { name: realmNameOf(realm), ...(displayName && { displayName }) },
    ...(typeof lifetime === 'number' && { provider: { accessTokenLifetime: lifetime } }),
    clients,
  };
  return { file, notes, withoutSecret };
}

const asDropped = (note: Note): Note =>
  note.fate === 'mapped'
    ? note
    : { ...note, fate: 'dropped', why: 'is about people and pages, which are not served here' };

function readClient(clientId: string, members: Readonly<Record<string, unknown>>) {
  const account = accountFor(`client ${clientId}`, members);
  const attributes = isObject(members['attributes']) ? members['attributes'] : {};
  const details = accountFor(`client ${clientId}`, attributes);
  account.map('clientId', 'clientId');
  account.map('attributes', 'one by one');
  account.drop('id', 'clients are known by their client id');
  account.drop('protocol', 'every client here is one of OAuth 2.0');
  const isPublic = account.map('publicClient', 'type') === true;
  const machine = account.map('serviceAccountsEnabled', 'grantTypes: client_credentials') === true;
  const kind = textOf(account.map('clientAuthenticatorType', 'authenticationMethod'));
  const method = isPublic ? 'none' : (METHODS.get(kind ?? '') ?? 'client_secret_basic');
  const secret = textOf(account.map('secret', 'a secret'));
  const known = secret !== undefined && !/^\*+$/.test(secret) && secret.length >= 8;
  const name = textOf(account.map('name', 'name'));
  const description = textOf(account.map('description', 'description'));
  const enabled = account.map('enabled', 'enabled') !== false;
  const defaults = textsOf(account.map('defaultClientScopes', 'defaultScopes'));
  const optional = textsOf(account.map('optionalClientScopes', 'scopes'));
  const uris = textsOf(account.map('redirectUris', 'redirectUris, but for patterns'));
  const lifetime = Number(details.map('access.token.lifespan', 'accessTokenLifetime'));
  const published = details.map('use.jwks.url', 'keys') === 'true';
  const jwksUri = textOf(details.map('jwks.url', 'keys'));
  const subjectDn = textOf(details.map('x509.subjectdn', 'certificates'));
  const bound = details.map('tls.client.certificate.bound.access.tokens', 'tokenBinding');
  const dpop = details.map('dpop.bound.access.tokens', 'tokenBinding');
  const main = account.rest();
  const more = details.rest();
  const usesSecret = method.startsWith('client_secret_');
  const kept = {
    ...main.kept,
    ...(Object.keys(more.kept).length > 0 && { attributes: more.kept }),
  };
  const client: ClientInFile = {
    clientId,
    ...(name && { name: name.slice(0, 100) }),
    ...(description && { description: description.slice(0, 1_000) }),
    enabled,
    type: isPublic ? 'public' : 'confidential',
    authenticationMethod: method,
    grantTypes: machine && !isPublic ? ['client_credentials'] : [],
    scopes: [...new Set([...defaults, ...optional])],
    defaultScopes: [...defaults],
    redirectUris: [...exactUris(uris)],
    ...(lifetime > 0 && { accessTokenLifetime: lifetime }),
    ...((bound === 'true' || dpop === 'true') && {
      tokenBinding: dpop === 'true' ? 'dpop' : 'certificate',
    }),
    ...(usesSecret && {
      secrets: [
        {
          label: 'imported',
          ...(known && { secret }),
          ...(method === 'client_secret_jwt' && { recoverable: true }),
        },
      ],
    }),
    ...(published && jwksUri !== undefined && { keys: [{ jwksUri, label: 'imported' }] }),
    ...(method === 'tls_client_auth' &&
      subjectDn !== undefined && { certificates: [{ subjectDn, label: 'imported' }] }),
    ...(Object.keys(kept).length > 0 && { keptAttributes: { keycloak: kept } }),
  };
  const inside = more.notes.map((note) => ({ ...note, attribute: `attributes.${note.attribute}` }));
  return { client, notes: [...main.notes, ...inside], withoutSecret: usesSecret && !known };
}
