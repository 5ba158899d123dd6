import { ok, type Result, refuse } from '@tessera/protocol';
import { formatPemCertificate } from '../../clients/pem-certificate.ts';
import { FILE_ITEMS_MAX } from '../../contract/realm-file.ts';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Environment, Listed, Page } from '../../environment.ts';
import { ADMIN_API_ID, type Api } from '../../model/api.ts';
import type { RegisteredClient } from '../../model/client.ts';
import { type Credential, isExpired } from '../../model/credential.ts';
import type { TrustedIssuer } from '../../model/trusted-issuer.ts';
import { type User, userNameKey } from '../../model/user.ts';
import { describeApi } from '../apis/describe-api.ts';
import { describeApplication } from '../applications/describe-application.ts';
import { describeClient } from '../clients/describe-client.ts';
import { describeProvider } from '../providers/describe-provider.ts';
import { newAdminApi, newProvider } from '../realms/new-realm.ts';
import type { Asked } from '../use-case.ts';
import { describeUser } from '../users/describe-user.ts';
import { grantThing } from './read-realm-file.ts';
import {
  canonical,
  formatInstant,
  type Members,
  membersOf,
  type Thing,
  type ThingKind,
  type ThingsOfRealm,
} from './thing.ts';

type Env = Pick<Environment, 'store'>;
type Known = { readonly id: string; readonly precondition: readonly number[] };

const knownAs = (id: string, { revision }: { readonly revision: number }): Known => ({
  id,
  precondition: [revision],
});

const EVERY_KIND: readonly ThingKind[] = [
  'realm',
  'provider',
  'trusted-authority',
  'trusted-issuer',
  'user',
  'api',
  'client',
  'key',
  'certificate',
  'workload',
  'client-grant',
  'application',
];

/** A realm of this name as it is made, before anything else is said of it. */
export const newRealmThings = (name: string): ThingsOfRealm => ({
  things: [
    {
      ...thing('realm', 'realm', name),
      members: { displayName: name, enabled: true },
    },
    {
      ...thing('provider', 'provider', 'OAuth2 provider'),
      members: without(describeProvider(newProvider(name))),
    },
    { ...apiThing(newAdminApi(name, 0)), known: { id: ADMIN_API_ID, precondition: 'any' } },
  ],
  kinds: new Set(EVERY_KIND),
});

/**
 * What a realm is, as things. Each comes with the revision at which it was read, so that a plan
 * that was made of it can only be carried out while it is still so.
 */
export async function readRealm(
  env: Env,
  { realm, now }: Pick<Asked, 'realm' | 'now'>,
): Promise<Result<ThingsOfRealm, AdminRefusal>> {
  const { store } = env;
  const { name } = realm;
  const [provider, authorities, issuers, apis, users, clients, applications] = await Promise.all([
    store.providers.find(name),
    store.trustedAuthorities.all(name),
    store.trustedIssuers.all(name),
    store.apis.all(name),
    listAll((page) => store.users.list(name, page)),
    listAll((page) => store.clients.list(name, page)),
    listAll((page) => store.applications.list(name, page)),
  ]);
  if (provider === undefined) return refuse({ reason: 'realm_unknown' });
  if (users === 'too_many' || clients === 'too_many' || applications === 'too_many')
    return refuse({ reason: 'realm_too_large', limit: FILE_ITEMS_MAX });

  const userNames = new Map(users.map(({ id, userName }) => [id, userName]));
  const things: Thing[] = [
    {
      ...thing('realm', 'realm', realm.name, knownAs(name, realm)),
      members: { displayName: realm.displayName, enabled: realm.enabled },
    },
    {
      ...thing('provider', 'provider', 'OAuth2 provider', knownAs(name, provider)),
      members: without(describeProvider(provider)),
    },
    ...authorities.map((authority) => {
      const certificate = formatPemCertificate(authority.certificate);
      return {
        ...thing(
          'trusted-authority',
          certificate,
          authority.name,
          knownAs(authority.id, authority),
        ),
        members: { name: authority.name, certificate },
      };
    }),
    ...issuers.map(issuerThing),
    ...users.map(userThing),
    ...apis.map(apiThing),
    ...applications.map((application) => ({
      ...thing(
        'application',
        application.clientId,
        application.name,
        knownAs(application.id, application),
      ),
      members: without({
        ...describeApplication(application),
        id: null,
        owners: application.owners.map((id) => userNames.get(id) ?? id),
      }),
    })),
  ];
  const issuerOf = new Map(issuers.map(({ id, issuer }) => [id, issuer]));
  for (const { origin, clientId } of clients) {
    // What registered itself is for whoever registered it to describe.
    if (origin !== 'administrator') continue;
    const registered = await store.clients.find(name, clientId);
    if (registered !== undefined) things.push(...clientThings(registered, issuerOf, now));
  }
  return ok({ things, kinds: new Set(EVERY_KIND) });
}

const thing = (
  kind: ThingKind,
  key: string,
  name: string,
  known?: Known,
): Omit<Thing, 'members'> => ({
  kind,
  key,
  name,
  pointer: null,
  ...(known !== undefined && { known }),
});

/** Who it is and since when is not for a file to say. */
const without = (view: Readonly<Record<string, unknown>>): Members => {
  const {
    realm: _realm,
    revision: _revision,
    createdAt: _createdAt,
    tokensValidFrom: _tokensValidFrom,
    origin: _origin,
    registeredMetadata: _registeredMetadata,
    hasPassword: _hasPassword,
    passwordOneTime: _passwordOneTime,
    ...members
  } = view;
  return membersOf(members);
};

const PAGE = 200;

async function listAll<T>(
  list: (page: Page) => Promise<Listed<T>>,
): Promise<readonly T[] | 'too_many'> {
  const all: T[] = [];
  let after: string | undefined;
  do {
    const { items, next } = await list({ limit: PAGE, after });
    all.push(...items);
    if (all.length > FILE_ITEMS_MAX) return 'too_many';
    after = next;
  } while (after !== undefined);
  return all;
}

function issuerThing(trusted: TrustedIssuer): Thing {
  const { realm: _, id, jwks, createdAt: __, revision: ___, ...members } = trusted;
  return {
    ...thing('trusted-issuer', trusted.issuer, trusted.name, knownAs(id, trusted)),
    members: membersOf({ ...members, jwks: jwks === undefined ? undefined : { keys: jwks } }),
  };
}

const userThing = (user: User): Thing => ({
  ...thing('user', userNameKey(user.userName), user.userName, knownAs(user.id, user)),
  members: without({ ...describeUser(user), id: null }),
});

const apiThing = (api: Api): Thing => ({
  ...thing('api', api.id, api.name, knownAs(api.id, api)),
  members: without(describeApi(api)),
  ...(api.id === ADMIN_API_ID && { permanent: true }),
});

function clientThings(
  { client, credentials, grants }: RegisteredClient,
  issuerOf: ReadonlyMap<string, string>,
  now: Asked['now'],
): readonly Thing[] {
  const { clientId } = client;
  // Those that have ended would be refused, and are nothing any more.
  const held = credentials.filter((credential) => !isExpired(credential, now));
  const secrets = held.flatMap((credential) => {
    const { material } = credential;
    if (material.kind !== 'secret') return [];
    const recoverable = material.sealed !== undefined;
    return [{ ...heldMembers(credential), recoverable }];
  });
  return [
    {
      ...thing('client', clientId, clientId, knownAs(clientId, client)),
      members: without(describeClient(client)),
      secrets,
    },
    ...held.flatMap((credential) => credentialThing(credential, issuerOf) ?? []),
    ...grants.map((grant) => {
      const { apiId: api, scopes, authorizationDetailTypes } = grant;
      const known = knownAs(api, grant);
      return { ...grantThing(clientId, { api, scopes, authorizationDetailTypes }, null), known };
    }),
  ];
}

const SUBJECT_MEMBERS = {
  subject_dn: 'subjectDn',
  san_dns: 'sanDns',
  san_uri: 'sanUri',
  san_ip: 'sanIp',
  san_email: 'sanEmail',
} as const;

function credentialThing(
  credential: Credential,
  issuerOf: ReadonlyMap<string, string>,
): Thing | undefined {
  const proven = describeProof(credential, issuerOf);
  if (proven === undefined) return undefined;
  const { clientId, label, id } = credential;
  return {
    ...thing(
      proven.kind,
      `${clientId}\n${JSON.stringify(canonical(proven.proof))}`,
      label === '' ? clientId : `${clientId}: ${label}`,
      knownAs(id, credential),
    ),
    clientId,
    members: { ...proven.proof, ...heldMembers(credential) },
  };
}

function describeProof(
  { material }: Credential,
  issuerOf: ReadonlyMap<string, string>,
): { readonly kind: ThingKind; readonly proof: Members } | undefined {
  switch (material.kind) {
    case 'secret':
      return undefined;
    case 'public_key':
      return { kind: 'key', proof: { jwk: material.key } };
    case 'jwks_uri':
      return { kind: 'key', proof: { jwksUri: material.uri } };
    case 'certificate':
      return {
        kind: 'certificate',
        proof: { certificate: formatPemCertificate(material.certificate) },
      };
    case 'certificate_subject':
      return {
        kind: 'certificate',
        proof: { [SUBJECT_MEMBERS[material.subjectKind]]: material.subject },
      };
    case 'trusted_issuer':
      return {
        kind: 'workload',
        proof: {
          issuer: issuerOf.get(material.issuerId) ?? '',
          conditions: material.conditions,
        },
      };
  }
}

const heldMembers = ({ label, expiresAt }: Credential): Members =>
  membersOf({ label, expiresAt: expiresAt === undefined ? undefined : formatInstant(expiresAt) });
