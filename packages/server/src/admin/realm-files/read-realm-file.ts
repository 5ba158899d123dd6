import { readKeySet, readVerificationKey } from '@tessera/protocol';
import { formatPemCertificate, readPemCertificate } from '../../clients/pem-certificate.ts';
import type { RealmFile } from '../../contract/realm-file.ts';
import { ADMIN_API_ID } from '../../model/api.ts';
import { userNameKey } from '../../model/user.ts';
import { describeProvider } from '../providers/describe-provider.ts';
import { newAdminApi, newProvider } from '../realms/new-realm.ts';
import { readIssuer } from '../trusted-issuers/create-trusted-issuer.ts';
import { PRESETS } from '../trusted-issuers/presets.ts';
import {
  canonical,
  formatInstant,
  type Members,
  membersOf,
  readInstant,
  type Thing,
  type ThingKind,
  type ThingsOfRealm,
} from './thing.ts';

type Clients = NonNullable<RealmFile['clients']>;
type Client = Clients[number];

/** What a file says, every default filled in, in the form in which a realm is read, too. */
export function readRealmFile(file: RealmFile): ThingsOfRealm {
  const kinds = new Set<ThingKind>(['realm']);
  const things: Thing[] = [realmThing(file)];
  const add = <Item>(
    section: readonly Item[] | undefined,
    speaksOf: readonly ThingKind[],
    read: (item: Item, index: number) => Thing | readonly Thing[],
  ): void => {
    if (section === undefined) return;
    for (const kind of speaksOf) kinds.add(kind);
    for (const [index, item] of section.entries()) things.push(...[read(item, index)].flat());
  };
  if (file.provider !== undefined) {
    kinds.add('provider');
    things.push(providerThing(file.realm.name, file.provider));
  }
  add(file.trust?.authorities, ['trusted-authority'], (authority, index) =>
    authorityThing(authority, `/trust/authorities/${index}`),
  );
  add(file.trust?.issuers, ['trusted-issuer'], (issuer, index) =>
    issuerThing(issuer, `/trust/issuers/${index}`),
  );
  add(file.users, ['user'], (user, index) => ({
    kind: 'user',
    key: userNameKey(user.userName),
    name: user.userName,
    pointer: `/users/${index}`,
    members: membersOf(user),
  }));
  add(file.apis, ['api'], (api, index) => ({
    kind: 'api',
    key: api.id,
    name: api.name ?? api.id,
    pointer: `/apis/${index}`,
    members: membersOf({
      ...api,
      name: api.name ?? api.id,
      // What it is called and has for scopes is not for anybody to say.
      ...(api.id === ADMIN_API_ID && fixedOfAdminApi()),
    }),
  }));
  add(file.clients, ['client', 'key', 'certificate', 'workload', 'client-grant'], (client, index) =>
    clientThings(client, `/clients/${index}`),
  );
  add(file.applications, ['application'], (application, index) => ({
    kind: 'application',
    key: application.clientId,
    name: application.name,
    pointer: `/applications/${index}`,
    members: membersOf(application),
  }));
  return { things, kinds };
}

const realmThing = ({ realm: { name, displayName = name, enabled } }: RealmFile): Thing => ({
  kind: 'realm',
  key: 'realm',
  name,
  pointer: '/realm',
  members: { displayName, enabled },
});

export function providerThing(realm: string, given: Members): Thing {
  const { realm: _, revision: __, ...defaults } = describeProvider(newProvider(realm));
  return {
    kind: 'provider',
    key: 'provider',
    name: 'OAuth2 provider',
    pointer: '/provider',
    members: membersOf({ ...defaults, ...given }),
  };
}

export function fixedOfAdminApi(): Members {
  const { identifier, name, scopes } = newAdminApi('', 0);
  return { identifier, name, scopes };
}

type Trust = NonNullable<RealmFile['trust']>;

function authorityThing(
  { name, certificate }: NonNullable<Trust['authorities']>[number],
  pointer: string,
): Thing {
  const pem = normalPem(certificate);
  return {
    kind: 'trusted-authority',
    key: pem,
    name,
    pointer,
    members: { name, certificate: pem },
  };
}

/** One certificate in one form; what cannot be read stays, for the rules to refuse it. */
function normalPem(text: string): string {
  const read = readPemCertificate(text);
  return read.ok ? formatPemCertificate(read.value.base64) : text;
}

function issuerThing(given: NonNullable<Trust['issuers']>[number], pointer: string): Thing {
  const preset = PRESETS[given.preset];
  const issuer = readIssuer(given) ?? given.issuer ?? '';
  const { jwksPath } = preset;
  const jwksUri =
    given.jwksUri ??
    (given.jwks === undefined && jwksPath !== 'discovered'
      ? `${issuer.replace(/\/$/, '')}${jwksPath}`
      : undefined);
  return {
    kind: 'trusted-issuer',
    key: issuer,
    name: given.name,
    pointer,
    members: membersOf({
      algorithms: preset.algorithms,
      lifetimeMax: preset.lifetimeMax,
      assertionReuse: preset.assertionReuse,
      ...membersOf(given),
      issuer,
      jwksUri,
      jwks: given.jwks === undefined ? undefined : normalKeys(given.jwks, given.preset),
    }),
  };
}

function normalKeys(jwks: unknown, preset: string): unknown {
  const read = readKeySet(jwks, preset === 'spiffe' ? 'lenient' : 'strict');
  return read.ok ? { keys: read.value } : jwks;
}

function clientThings(client: Client, pointer: string): readonly Thing[] {
  const {
    secrets,
    keys,
    certificates,
    workloads,
    grants,
    name = client.clientId,
    ...rest
  } = client;
  const { clientId } = client;
  const part = (
    kind: ThingKind,
    where: string,
    members: Members,
    held: Held,
    proof: unknown,
  ): Thing => ({
    kind,
    key: `${clientId}\n${JSON.stringify(canonical(proof))}`,
    name: held.label === '' ? clientId : `${clientId}: ${held.label}`,
    pointer: `${pointer}/${where}`,
    clientId,
    members: { ...members, ...heldMembers(held) },
  });
  return [
    {
      kind: 'client',
      key: clientId,
      name: clientId,
      pointer,
      members: membersOf({ ...rest, name: name.slice(0, 100) }),
      secrets: secrets?.map((secret) => membersOf({ ...secret, ...heldMembers(secret) })),
    },
    ...keys.map((key, index) => {
      const proof = key.jwk === undefined ? { jwksUri: key.jwksUri } : { jwk: normalKey(key.jwk) };
      return part('key', `keys/${index}`, proof, key, proof);
    }),
    ...certificates.map((one, index) => {
      const { label: _, expiresAt: __, certificate, ...subject } = one;
      const proof =
        certificate === undefined ? membersOf(subject) : { certificate: normalPem(certificate) };
      return part('certificate', `certificates/${index}`, proof, one, proof);
    }),
    ...workloads.map((workload, index) => {
      const { issuer, conditions } = workload;
      const proof = { issuer, conditions };
      return part('workload', `workloads/${index}`, proof, workload, proof);
    }),
    ...grants.map((grant, index) => grantThing(clientId, grant, `${pointer}/grants/${index}`)),
  ];
}

type Granted = {
  readonly api: string;
  readonly scopes: readonly string[];
  readonly authorizationDetailTypes: readonly string[];
};

export const grantThing = (
  clientId: string,
  { api, ...granted }: Granted,
  pointer: string | null,
): Thing => ({
  kind: 'client-grant',
  key: `${clientId}\n${api}`,
  name: `${clientId} at ${api}`,
  pointer,
  clientId,
  members: { api, ...granted },
});

type Held = { readonly label: string; readonly expiresAt?: string | undefined };

const heldMembers = ({ label, expiresAt }: Held): Members =>
  membersOf({
    label,
    expiresAt: expiresAt === undefined ? undefined : formatInstant(readInstant(expiresAt)),
  });

function normalKey(jwk: unknown): unknown {
  const read = readVerificationKey(jwk);
  return read.ok ? read.value : jwk;
}
