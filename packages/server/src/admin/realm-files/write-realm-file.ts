import { FILE_DEFAULTS, REALM_FILE_FORMAT } from '../../contract/realm-file.ts';
import { PRESETS } from '../trusted-issuers/presets.ts';
import { fixedOfAdminApi, providerThing } from './read-realm-file.ts';
import { isSame, type Members, membersOf, type Thing, type ThingKind } from './thing.ts';

/**
 * The file that says what a realm is. What has its default is left out, and everything has one
 * place, so that the file of a realm is the same until the realm is another.
 */
export function writeRealmFile(realm: string, things: readonly Thing[]): Members {
  const of = (kind: ThingKind): readonly Thing[] =>
    things.filter((one) => one.kind === kind).sort(byKey);
  const parts = (kind: ThingKind): ReadonlyMap<string, readonly Members[]> => {
    const held = new Map<string, Members[]>();
    for (const { clientId = '', members } of of(kind)) {
      const defaults = kind === 'client-grant' ? FILE_DEFAULTS.grant : FILE_DEFAULTS.held;
      held.set(clientId, [...(held.get(clientId) ?? []), drop(members, defaults)]);
    }
    return held;
  };
  const keys = parts('key');
  const certificates = parts('certificate');
  const workloads = parts('workload');
  const grants = parts('client-grant');

  const [named] = of('realm');
  const [provider] = of('provider');
  return {
    format: REALM_FILE_FORMAT,
    realm: { name: realm, ...drop(named?.members ?? {}, { enabled: true }) },
    provider: drop(provider?.members ?? {}, providerThing(realm, {}).members),
    trust: {
      authorities: of('trusted-authority').map(({ members }) => members),
      issuers: of('trusted-issuer').map(({ members }) => drop(members, defaultsOfIssuer(members))),
    },
    users: of('user').map(({ members }) => drop(members, FILE_DEFAULTS.user)),
    apis: of('api')
      .map((api) =>
        drop(api.members, { ...FILE_DEFAULTS.api, ...(api.permanent && fixedOfAdminApi()) }),
      )
      // Only what was changed of that which every realm has.
      .filter((api) => Object.keys(api).length > 1),
    clients: of('client').map(({ key, members, secrets }) => ({
      ...drop(members, FILE_DEFAULTS.client),
      ...(tellsSecrets(members, secrets) && {
        secrets: secrets?.map((secret) => drop(secret, FILE_DEFAULTS.secret)).sort(byText),
      }),
      ...some('keys', keys.get(key)),
      ...some('certificates', certificates.get(key)),
      ...some('workloads', workloads.get(key)),
      ...some('grants', grants.get(key)),
    })),
    applications: of('application').map(({ members }) => drop(members, FILE_DEFAULTS.application)),
  };
}

/** Nothing said would be one secret, for a client that authenticates with one. */
const tellsSecrets = ({ authenticationMethod }: Members, secrets: Thing['secrets']): boolean =>
  (secrets ?? []).length > 0 || String(authenticationMethod).startsWith('client_secret_');

const some = (name: string, items: readonly Members[] | undefined): Members =>
  items === undefined ? {} : { [name]: items };

function defaultsOfIssuer({ preset, issuer }: Members): Members {
  const known = Object.entries(PRESETS).find(([name]) => name === preset)?.[1];
  return {
    ...FILE_DEFAULTS.issuer,
    algorithms: known?.algorithms,
    lifetimeMax: known?.lifetimeMax,
    assertionReuse: known?.assertionReuse,
    issuer: known?.issuer,
    ...(known !== undefined &&
      known.jwksPath !== 'discovered' && {
        jwksUri: `${String(issuer).replace(/\/$/, '')}${known.jwksPath}`,
      }),
  };
}

const drop = (members: Members, defaults: Members): Members =>
  Object.fromEntries(
    Object.entries(membersOf(members)).filter(([name, value]) => !isSame(value, defaults[name])),
  );

const byKey = (a: Thing, b: Thing): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

const byText = (a: Members, b: Members): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
