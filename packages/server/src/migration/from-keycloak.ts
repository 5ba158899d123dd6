import { SIGNING_ALGORITHMS } from '@tessera/protocol';
import {
  accountFor,
  type ClientInFile,
  type Converted,
  exactUris,
  isObject,
  isUsableSecret,
  KEPT,
  type Note,
  type Proof,
  type RealmFile,
  realmNameOf,
  textOf,
  textsOf,
  UnreadableConfiguration,
} from './converted.ts';

type Members = Readonly<Record<string, unknown>>;

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
  const withoutProof: { clientId: string; lacks: Proof }[] = [];
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
    if (one['protocol'] === 'saml') {
      const why = 'speaks SAML, which is not served here';
      notes.push({ object: `client ${clientId}`, attribute: 'protocol', fate: 'dropped', why });
      continue;
    }
    const read = readClient(clientId, one);
    clients.push(read.client);
    notes.push(...read.notes);
    if (read.withoutSecret) withoutSecret.push(clientId);
    if (read.lacks !== undefined) withoutProof.push({ clientId, lacks: read.lacks });
  }
  const settings = accountFor('realm', exported);
  settings.map('realm', 'the name of the realm');
  settings.map('clients', 'clients');
  const displayName = textOf(settings.map('displayName', 'displayName'));
  const enabled = settings.map('enabled', 'enabled') !== false;
  const lifetime = settings.map('accessTokenLifespan', 'accessTokenLifetime');
  const wanted = settings.map('defaultSignatureAlgorithm', 'signingAlgorithm');
  const algorithm = SIGNING_ALGORITHMS.find((one) => one === wanted);
  if (wanted !== undefined && algorithm === undefined)
    settings.correct('defaultSignatureAlgorithm', 'dropped', 'no realm signs with it here');
  for (const [attribute, why] of NOT_TAKEN_OVER) settings.drop(attribute, why);
  notes.push(...settings.rest().notes.map(asDropped), ...notesOfScopes(exported));
  notes.push(...notesOfServiceAccounts(exported));
  const file: RealmFile = {
    format: 'tessera-realm/1',
    realm: { name: realmNameOf(realm), ...(displayName && { displayName }), enabled },
    ...((typeof lifetime === 'number' || algorithm !== undefined) && {
      provider: {
        ...(typeof lifetime === 'number' && { accessTokenLifetime: lifetime }),
        ...(algorithm !== undefined && { signingAlgorithm: algorithm }),
      },
    }),
    clients,
  };
  return { file, notes, withoutSecret, withoutProof };
}

const NOT_TAKEN_OVER = [
  ['id', 'realms are known by their names'],
  ['notBefore', 'no token of there is believed here'],
  ['components', 'a realm has keys of its own here, and Keycloak keeps its private ones'],
  ['roles', 'roles are no scopes: an API here has scopes, and client grants say who has them'],
  ['defaultRole', 'roles are no scopes: an API here has scopes'],
  ['users', 'people sign in elsewhere; of service accounts see their clients'],
  ['clientScopes', 'one by one'],
  ['defaultDefaultClientScopes', 'each client names its own scopes'],
  ['defaultOptionalClientScopes', 'each client names its own scopes'],
  ['keycloakVersion', 'says nothing of the realm'],
  ['clientPolicies', 'security profiles are settings of the realm here: tessera provider update'],
  ['clientProfiles', 'security profiles are settings of the realm here: tessera provider update'],
  ['bruteForceProtected', 'guessing is slowed down here in any case'],
  ['sslRequired', 'the public URL says whether TLS is used'],
] as const;

/** A client scope is a name that clients list; what it puts into a token, an API says here. */
function notesOfScopes(exported: Members): readonly Note[] {
  const scopes = exported['clientScopes'];
  if (!Array.isArray(scopes)) return [];
  return (scopes as readonly unknown[]).filter(isObject).flatMap((scope) => {
    const account = accountFor(`client scope ${textOf(scope['name']) ?? ''}`, scope);
    account.map('name', 'a scope of the clients that list it');
    account.drop('id', 'scopes are known by their names');
    account.drop('protocol', 'every scope here is one of OAuth 2.0');
    account.drop('description', 'a scope has a description at an API: tessera scope add');
    account.drop('attributes', 'are about consent and pages');
    const audiences = mappersIn(scope).flatMap(({ config }) =>
      isObject(config)
        ? (textOf(config['included.custom.audience']) ??
          textOf(config['included.client.audience']) ??
          [])
        : [],
    );
    account.drop(
      'protocolMappers',
      audiences.length > 0
        ? `the audience ${audiences.join(', ')} is an API here: tessera api create, and grant it`
        : CLAIMS,
    );
    return account.rest().notes.map(asDropped);
  });
}

const mappersIn = ({ protocolMappers }: Members): readonly Members[] =>
  Array.isArray(protocolMappers) ? (protocolMappers as readonly unknown[]).filter(isObject) : [];

const CLAIMS = 'claims are said by APIs and realms here: docs/apis.md#custom-claims';

/** The users behind clients, whose roles are what such a client may do there. */
function notesOfServiceAccounts(exported: Members): readonly Note[] {
  const users = exported['users'];
  if (!Array.isArray(users)) return [];
  return (users as readonly unknown[]).filter(isObject).flatMap((user) => {
    const clientId = textOf(user['serviceAccountClientId']);
    if (clientId === undefined) return [];
    const byClient = isObject(user['clientRoles']) ? user['clientRoles'] : {};
    const roles: readonly (readonly [string, readonly string[]])[] = [
      ['realmRoles', textsOf(user['realmRoles'])],
      ...Object.entries(byClient).map(
        ([of, names]) => [`clientRoles.${of}`, textsOf(names)] as const,
      ),
    ];
    return roles
      .filter(([, names]) => names.length > 0)
      .map(([attribute, names]) => ({
        object: `client ${clientId}`,
        attribute: `serviceAccount.${attribute}`,
        fate: 'dropped' as const,
        why: `a role is no scope: make ${names.join(', ')} scopes of an API, and grant them`,
      }));
  });
}

const asDropped = (note: Note): Note =>
  note.fate === 'mapped' || note.why !== KEPT
    ? note
    : { ...note, fate: 'dropped', why: 'is about people and pages, which are not served here' };

function readClient(clientId: string, members: Members) {
  const account = accountFor(`client ${clientId}`, members);
  const attributes = isObject(members['attributes']) ? members['attributes'] : {};
  const details = accountFor(`client ${clientId}`, attributes);
  account.map('clientId', 'clientId');
  account.map('attributes', 'one by one');
  account.drop('id', 'clients are known by their client id');
  account.drop('protocol', 'every client here is one of OAuth 2.0');
  const isPublic = account.map('publicClient', 'type') === true;
  const machine = account.map('serviceAccountsEnabled', 'grantTypes') === true;
  const kind = textOf(account.map('clientAuthenticatorType', 'authenticationMethod'));
  const method = isPublic ? 'none' : (METHODS.get(kind ?? '') ?? 'client_secret_basic');
  const secret = textOf(account.map('secret', 'a secret'));
  const usesSecret = method.startsWith('client_secret_');
  const lengthMin = method === 'client_secret_jwt' ? MAC_KEY_LENGTH_MIN : 8;
  const known = usesSecret && isUsableSecret(secret, lengthMin);
  if (secret !== undefined && !known)
    account.correct(
      'secret',
      'dropped',
      !usesSecret
        ? 'the client authenticates otherwise'
        : /^\*+$/.test(secret)
          ? 'is masked in the export: a new one is made'
          : `has not ${lengthMin} to 128 characters: a new one is made`,
    );
  const name = textOf(account.map('name', 'name'));
  const description = textOf(account.map('description', 'description'));
  const enabled = account.map('enabled', 'enabled') !== false;
  const defaults = textsOf(account.map('defaultClientScopes', 'defaultScopes'));
  const optional = textsOf(account.map('optionalClientScopes', 'scopes'));
  const uris = textsOf(account.map('redirectUris', 'redirectUris, but for patterns'));
  const bearer = members['bearerOnly'] === true;
  if (bearer) account.map('bearerOnly', 'no grant types: it only asks about tokens');
  account.drop('protocolMappers', CLAIMS);
  account.drop('authorizationSettings', 'no policies are decided here');
  account.drop('registrationAccessToken', 'a client that registers itself here gets one of here');
  const lifetime = Number(details.map('access.token.lifespan', 'accessTokenLifetime'));
  const published = details.map('use.jwks.url', 'keys') === 'true';
  const jwksUri = textOf(details.map('jwks.url', 'keys'));
  const subjectDn = textOf(details.map('x509.subjectdn', 'certificates'));
  const isPattern =
    subjectDn !== undefined &&
    members['clientAuthenticatorType'] === 'client-x509' &&
    details.map(
      'x509.allow.regex.pattern.comparison',
      'certificates, whose names are compared exactly',
    ) === 'true' &&
    /[*+?()[\]{}|^$]/.test(subjectDn);
  if (isPattern)
    details.correct('x509.subjectdn', 'dropped', 'is a pattern, and names are compared exactly');
  details.drop('client.secret.creation.time', 'secrets begin here now');
  details.drop(
    'jwt.credential.certificate',
    'is a certificate around a key: register the key, tessera client key add',
  );
  const signs = method === 'private_key_jwt';
  const signed = details.map('access.token.signed.response.alg', 'signingAlgorithm');
  const signingAlgorithm = SIGNING_ALGORITHMS.find((one) => one === signed);
  if (signed !== undefined && signed !== '' && signingAlgorithm === undefined)
    details.correct('access.token.signed.response.alg', 'dropped', 'nothing signs with it here');
  const asserted = signs
    ? details.map('token.endpoint.auth.signing.alg', 'assertionAlgorithm')
    : details.drop('token.endpoint.auth.signing.alg', 'the client signs nothing');
  const assertionAlgorithm = SIGNING_ALGORITHMS.find((one) => one === asserted);
  if (textOf(asserted) !== undefined && assertionAlgorithm === undefined)
    details.correct(
      'token.endpoint.auth.signing.alg',
      'dropped',
      'any algorithm is taken that fits its keys',
    );
  const bound = details.map('tls.client.certificate.bound.access.tokens', 'tokenBinding');
  const dpop = details.map('dpop.bound.access.tokens', 'tokenBinding');
  const main = account.rest();
  const more = details.rest();
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
    grantTypes: machine && !isPublic && !bearer ? ['client_credentials'] : [],
    scopes: [...new Set([...defaults, ...optional])],
    defaultScopes: [...defaults],
    redirectUris: [...exactUris(uris)],
    ...(lifetime > 0 && { accessTokenLifetime: lifetime }),
    ...(signingAlgorithm !== undefined && { signingAlgorithm }),
    ...(assertionAlgorithm !== undefined && method === 'private_key_jwt' && { assertionAlgorithm }),
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
      subjectDn !== undefined &&
      !isPattern && { certificates: [{ subjectDn, label: 'imported' }] }),
    ...(Object.keys(kept).length > 0 && { keptAttributes: { keycloak: kept } }),
  };
  const inside = more.notes.map((note) => ({ ...note, attribute: `attributes.${note.attribute}` }));
  const lacks: Proof | undefined =
    method === 'private_key_jwt' && client.keys === undefined
      ? 'key'
      : method === 'tls_client_auth' && client.certificates === undefined
        ? 'certificate'
        : undefined;
  return { client, notes: [...main.notes, ...inside], withoutSecret: usesSecret && !known, lacks };
}

/** RFC 7518 §3.2: a key of HS256 is no shorter than its hash. */
const MAC_KEY_LENGTH_MIN = 32;
