import { MEMBERS_OF, readClient } from '../pingone/am/oauth2-client.ts';
import { OAUTH2_CLIENT } from '../pingone/am/oauth2-client-attributes.ts';
import type { AttributeGroups } from '../pingone/attributes.ts';
import {
  type ClientInFile,
  type Converted,
  isObject,
  KEPT,
  type Note,
  type Proof,
  UnreadableConfiguration,
} from './converted.ts';
import { readOthersOfFrodo } from './others-of-frodo.ts';

type Members = Readonly<Record<string, unknown>>;

/** Attributes that mean something here, as the report calls what they become. */
const READ = new Map<string, string>([
  ...MEMBERS_OF,
  ['coreOAuth2ClientConfig/userpassword', 'a secret'],
]);

/**
 * OAuth2 clients as frodo or Amster export them, or as AM answers them: one of them, a list, or
 * those of several files; with the applications that frodo exports beside them.
 */
export function fromPing(exported: readonly unknown[], realm = 'alpha'): Converted {
  const found = exported.flatMap(clientsIn);
  if (found.length === 0)
    throw new UnreadableConfiguration(
      'it has no OAuth2 clients: frodo oauth client export -a, or an Amster export of OAuth2Clients',
    );
  const notes: Note[] = [];
  const withoutSecret: string[] = [];
  const withoutProof: { clientId: string; lacks: Proof }[] = [];
  const clients = found.map(([clientId, members]) => {
    const read = readOAuth2Client(clientId, members);
    notes.push(...read.notes);
    if (read.withoutSecret) withoutSecret.push(clientId);
    if (read.lacks !== undefined) withoutProof.push({ clientId, lacks: read.lacks });
    return read.client;
  });
  const others = readOthersOfFrodo(exported, new Set(clients.map(({ clientId }) => clientId)));
  return {
    file: {
      format: 'tessera-realm/1',
      realm: { name: realm },
      clients,
      ...(others.applications.length > 0 && { applications: others.applications }),
    },
    notes: [...notes, ...others.notes],
    withoutSecret,
    withoutProof,
  };
}

function readOAuth2Client(clientId: string, members: Members) {
  const object = `client ${clientId}`;
  const { known, unknown } = split(OAUTH2_CLIENT, members);
  const notes: Note[] = unknown.map((attribute) => ({
    object,
    attribute,
    fate: 'dropped',
    why: attribute.includes('userpassword')
      ? 'the secret is not in what is exported'
      : 'is no attribute of the version of AM that this reads',
  }));
  const read = readClient(clientId, known);
  if (!read.ok) throw new UnreadableConfiguration(`${object}: ${read.refusal.message}`);
  const { keys = [], jwksUri, certificates = [], secret, keptAttributes, ...rest } = read.value;
  const kept = (keptAttributes?.['OAuth2Client'] ?? {}) as Readonly<Record<string, Members>>;
  for (const [group, attributes] of Object.entries(known))
    for (const [name, given] of Object.entries(attributes)) {
      if (isUnsaid(given)) continue;
      const attribute = `${group}/${name}`;
      const member = READ.get(attribute);
      if (member !== undefined) notes.push({ object, attribute, fate: 'mapped', why: member });
      else if (Object.hasOwn(kept[group] ?? {}, name))
        notes.push({ object, attribute, fate: 'kept', why: KEPT });
      else notes.push({ object, attribute, fate: 'kept', why: 'is what every client begins with' });
    }
  const method = rest.authenticationMethod;
  const usesSecret = method?.startsWith('client_secret_') ?? false;
  const client: ClientInFile = {
    ...rest,
    clientId,
    keptAttributes,
    ...(usesSecret && {
      secrets: [{ label: 'userpassword', ...(secret && { secret: secret.secret }) }],
    }),
    keys: [
      ...keys.map((jwk) => ({ jwk, label: '' })),
      ...(jwksUri == null ? [] : [{ jwksUri, label: '' }]),
    ],
    certificates: certificates.map((one) => ({ ...one, label: '' })),
  };
  const lacks: Proof | undefined =
    method === 'private_key_jwt' && client.keys?.length === 0
      ? 'key'
      : method?.includes('tls_client_auth') === true && client.certificates?.length === 0
        ? 'certificate'
        : undefined;
  return { client, notes, withoutSecret: usesSecret && secret === undefined, lacks };
}

/** Bare, or as AM wraps it: `{"inherited": false, "value": …}`. */
function isUnsaid(given: unknown): boolean {
  const value = isObject(given) && 'inherited' in given ? given['value'] : given;
  return value == null || value === '' || (Array.isArray(value) && value.length === 0);
}

function clientsIn(exported: unknown): readonly (readonly [string, Members])[] {
  if (Array.isArray(exported)) return (exported as readonly unknown[]).flatMap(clientsIn);
  if (!isObject(exported)) return [];
  if (isObject(exported['coreOAuth2ClientConfig'])) {
    const id = exported['_id'];
    return typeof id === 'string' ? [[id, exported]] : [];
  }
  // frodo: a map by client id. Amster: the object below `data`. AM: a list below `result`.
  if (isObject(exported['application']))
    return Object.entries(exported['application']).flatMap(([id, one]) =>
      isObject(one) ? [[id, one] as const] : [],
    );
  return clientsIn(exported['data'] ?? exported['result']);
}

/** What the table of attributes has, and the names of what it lacks. */
function split(groups: AttributeGroups, members: Members) {
  const known: Record<string, Record<string, unknown>> = {};
  const unknown: string[] = [];
  for (const [group, attributes] of Object.entries(members)) {
    const table = groups[group];
    if (table === undefined) {
      if (!group.startsWith('_')) unknown.push(group);
      continue;
    }
    if (!isObject(attributes)) continue;
    const taken: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(attributes))
      if (Object.hasOwn(table, name)) taken[name] = value;
      else unknown.push(`${group}/${name}`);
    known[group] = taken;
  }
  return { known, unknown };
}
