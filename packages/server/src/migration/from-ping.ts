import { readClient } from '../pingone/am/oauth2-client.ts';
import { OAUTH2_CLIENT } from '../pingone/am/oauth2-client-attributes.ts';
import type { AttributeGroups } from '../pingone/attributes.ts';
import {
  type ClientInFile,
  type Converted,
  isObject,
  type Note,
  UnreadableConfiguration,
} from './converted.ts';

type Members = Readonly<Record<string, unknown>>;

/** Attributes of an OAuth2Client that mean something here. */
const READ = new Map([
  ['coreOAuth2ClientConfig/status', 'enabled'],
  ['coreOAuth2ClientConfig/clientType', 'type'],
  ['coreOAuth2ClientConfig/clientName', 'name'],
  ['coreOAuth2ClientConfig/scopes', 'scopes'],
  ['coreOAuth2ClientConfig/defaultScopes', 'defaultScopes'],
  ['coreOAuth2ClientConfig/redirectionUris', 'redirectUris'],
  ['coreOAuth2ClientConfig/accessTokenLifetime', 'accessTokenLifetime'],
  ['advancedOAuth2ClientConfig/descriptions', 'description'],
  ['advancedOAuth2ClientConfig/grantTypes', 'grantTypes'],
  ['advancedOAuth2ClientConfig/tokenEndpointAuthMethod', 'authenticationMethod'],
  ['signEncOAuth2ClientConfig/jwkSet', 'keys'],
  ['signEncOAuth2ClientConfig/jwksUri', 'keys'],
  ['signEncOAuth2ClientConfig/publicKeyLocation', 'keys'],
  ['signEncOAuth2ClientConfig/mTLSSubjectDN', 'certificates'],
  ['signEncOAuth2ClientConfig/mTLSTrustedCert', 'certificates'],
  ['signEncOAuth2ClientConfig/mTLSCertificateBoundAccessTokens', 'tokenBinding'],
  ['overrideOAuth2ClientConfig/providerOverridesEnabled', 'tokenFormat'],
  ['overrideOAuth2ClientConfig/statelessTokensEnabled', 'tokenFormat'],
]);

/**
 * OAuth2 clients as frodo or Amster export them, or as AM answers them: one of them, a list, or
 * those of several files.
 */
export function fromPing(exported: readonly unknown[], realm = 'alpha'): Converted {
  const found = exported.flatMap(clientsIn);
  if (found.length === 0)
    throw new UnreadableConfiguration(
      'it has no OAuth2 clients: frodo oauth client export -a, or an Amster export of OAuth2Clients',
    );
  const notes: Note[] = [];
  const withoutSecret: string[] = [];
  const clients = found.map(([clientId, members]) => {
    const object = `client ${clientId}`;
    const { known, unknown } = split(OAUTH2_CLIENT, members);
    for (const attribute of unknown) {
      const why = attribute.includes('userpassword')
        ? 'the secret is not in what is exported'
        : 'is no attribute of the version of AM that this reads';
      notes.push({ object, attribute, fate: 'dropped', why });
    }
    const read = readClient(clientId, known);
    if (!read.ok) throw new UnreadableConfiguration(`${object}: ${read.refusal.message}`);
    const { keys, jwksUri, certificates, secret, keptAttributes, ...rest } = read.value;
    const kept = (keptAttributes?.['OAuth2Client'] ?? {}) as Readonly<Record<string, Members>>;
    for (const [group, attributes] of Object.entries(kept))
      for (const name of Object.keys(attributes)) {
        const attribute = `${group}/${name}`;
        const member = READ.get(attribute);
        notes.push(
          member === undefined
            ? { object, attribute, fate: 'kept', why: 'decides nothing here; given back as it is' }
            : { object, attribute, fate: 'mapped', why: member },
        );
      }
    const usesSecret = rest.authenticationMethod?.startsWith('client_secret_') ?? false;
    if (usesSecret && secret === undefined) withoutSecret.push(clientId);
    const client: ClientInFile = {
      ...rest,
      clientId,
      keptAttributes,
      ...(usesSecret && {
        secrets: [{ label: 'userpassword', ...(secret && { secret: secret.secret }) }],
      }),
      keys: [
        ...(keys ?? []).map((jwk) => ({ jwk, label: '' })),
        ...(typeof jwksUri === 'string' ? [{ jwksUri, label: '' }] : []),
      ],
      certificates: (certificates ?? []).map((one) => ({ ...one, label: '' })),
    };
    return client;
  });
  return {
    file: { format: 'tessera-realm/1', realm: { name: realm }, clients },
    notes,
    withoutSecret,
  };
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
