import { ok, type Result } from '@tessera/protocol';
import type { Answer, Body } from '../../contract/routes.ts';
import {
  completed,
  differences,
  type KeptValues,
  readAttributes,
  type Values,
  wrap,
} from '../attributes.ts';
import type { CrestRefusal, Resource } from '../crest.ts';
import { otherMembers } from '../other-members.ts';
import { OAUTH2_CLIENT } from './oauth2-client-attributes.ts';
import { type Held, presentCredentials, readCredentials } from './oauth2-client-credentials.ts';

/*
 * A client as AM's OAuth2Client, and back. What was given is kept as it was written; where an
 * attribute means something here, what it means is looked at again each time it is read, so that a
 * change that was made elsewhere shows, and the spelling of what was not changed stays.
 */

type ClientView = Answer<'findClient'>;
type ClientBody = NonNullable<Body<'replaceClient'>>;
type ClientValues = Values<typeof OAUTH2_CLIENT>;

/** Under which name the values are kept with the client. */
const KEPT = 'OAuth2Client';

/** The secret that AM knows of; others come and go beside it. */
const SECRET_LABEL = 'userpassword';

/** Attributes that mean something here, and which member of a client each is. */
export const MEMBERS_OF: ReadonlyMap<string, string> = new Map([
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

/** What a PUT says, as the administration API takes it. `there`: of a client that is there. */
export function readClient(
  clientId: string,
  body: unknown,
  there?: { readonly client: ClientView; readonly held: Held },
): Result<ClientBody, CrestRefusal> {
  const values = readAttributes(OAUTH2_CLIENT, body);
  if (!values.ok) return values;
  const shown = there === undefined ? undefined : presentValues(there.client, there.held);
  const credentials = readCredentials(values.value, shown);
  if (!credentials.ok) return credentials;
  const { userpassword } = values.value.coreOAuth2ClientConfig;
  return ok({
    ...membersOf(clientId, values.value),
    ...(userpassword !== null &&
      userpassword !== '' && { secret: { secret: userpassword, label: SECRET_LABEL } }),
    ...credentials.value,
    keptAttributes: { [KEPT]: differences(OAUTH2_CLIENT, values.value) },
  });
}

/** What a PUT says of a client that is there: what AM has no words for stays as it is. */
export const besides = (current: ClientView, said: ClientBody): ClientBody => ({
  ...otherMembers(current),
  ...said,
  // AM knows of certificates alone: that they are not asked for takes no other binding away.
  ...(said.tokenBinding === 'optional' &&
    current.tokenBinding !== 'certificate' && { tokenBinding: current.tokenBinding }),
  keptAttributes: { ...current.keptAttributes, ...said.keptAttributes },
});

/** The members of a client that AM's attributes say something of. */
type Members = {
  name: string;
  description: string;
  enabled: boolean;
  type: ClientView['type'];
  grantTypes: readonly string[];
  authenticationMethod: ClientView['authenticationMethod'];
  tokenBinding: ClientView['tokenBinding'];
  scopes: readonly string[];
  defaultScopes: readonly string[];
  redirectUris: readonly string[];
  accessTokenLifetime: number | null;
  tokenFormat: ClientView['tokenFormat'];
};

function membersOf(clientId: string, values: ClientValues): Members {
  const core = values.coreOAuth2ClientConfig;
  const advanced = values.advancedOAuth2ClientConfig;
  const override = values.overrideOAuth2ClientConfig;
  const isPublic = core.clientType === 'Public';
  return {
    name: firstOf(core.clientName) ?? clientId.slice(0, 100),
    description: firstOf(advanced.descriptions) ?? '',
    enabled: core.status === 'Active',
    type: isPublic ? 'public' : 'confidential',
    // What only a confidential client may have, AM lets a public one list and never gives it.
    grantTypes: distinct(advanced.grantTypes).filter((one) => !isPublic || !MACHINE.has(one)),
    authenticationMethod: isPublic ? 'none' : methodOf(advanced.tokenEndpointAuthMethod),
    tokenBinding: values.signEncOAuth2ClientConfig.mTLSCertificateBoundAccessTokens
      ? 'certificate'
      : 'optional',
    scopes: scopesOf(core.scopes),
    defaultScopes: scopesOf(core.defaultScopes),
    redirectUris: distinct(core.redirectionUris),
    // 0: as the provider has it.
    accessTokenLifetime: core.accessTokenLifetime === 0 ? null : core.accessTokenLifetime,
    // The whole block of overrides counts, or none of it does.
    tokenFormat: override.providerOverridesEnabled
      ? override.statelessTokensEnabled
        ? 'jwt'
        : 'opaque'
      : null,
  };
}

/** Grant types of clients that authenticate. */
const MACHINE: ReadonlySet<string> = new Set([
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'urn:ietf:params:oauth:grant-type:token-exchange',
]);

const methodOf = (given: string | null): Members['authenticationMethod'] =>
  given === null || given === 'none'
    ? 'client_secret_basic'
    : (given as Members['authenticationMethod']);

const firstOf = (texts: readonly string[]): string | undefined =>
  texts.find((text) => text.trim() !== '')?.slice(0, 100);

/** `write`, and `write|Change things` or `write|en|Change things`, which also say it to people. */
const scopesOf = (texts: readonly string[]): readonly string[] =>
  distinct(texts.map((text) => text.split('|', 1)[0] ?? '').filter((scope) => scope !== ''));

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

// ---------------------------------------------------------------------------------------------

const ABOUT = { _type: { _id: 'OAuth2Client', name: 'OAuth2 Clients', collection: true } } as const;

/** Never wrapped. */
const BARE: ReadonlySet<string> = new Set(['overrideOAuth2ClientConfig']);
const ALL_BARE: ReadonlySet<string> = new Set(Object.keys(OAUTH2_CLIENT));

/** `wrapped`: as one client is read; `flat`: as one of a list. */
export function describeOAuth2Client(
  client: ClientView,
  held: Held,
  form: 'wrapped' | 'flat',
): Resource {
  const { coreOAuth2ClientConfig, ...others } = presentValues(client, held);
  const { userpassword: _secret, ...core } = coreOAuth2ClientConfig;
  const values = { ...others, coreOAuth2ClientConfig: core } as unknown as Values;
  return {
    _id: client.clientId,
    _rev: String(client.revision),
    ...wrap(values, form === 'flat' ? ALL_BARE : BARE),
    ...ABOUT,
  };
}

/** What was kept, with what was changed since, by whoever. */
function presentValues(client: ClientView, held: Held): ClientValues {
  const kept = (client.keptAttributes?.[KEPT] ?? {}) as KeptValues;
  const values = completed(OAUTH2_CLIENT, kept);
  const said = membersOf(client.clientId, values);
  const differs = (member: keyof Members): boolean =>
    JSON.stringify(said[member]) !== JSON.stringify(client[member]);
  const core = values.coreOAuth2ClientConfig;
  const advanced = values.advancedOAuth2ClientConfig;
  const override = values.overrideOAuth2ClientConfig;
  const isPublic = client.type === 'public';
  const present = {
    ...values,
    coreOAuth2ClientConfig: {
      ...core,
      status: client.enabled ? 'Active' : 'Inactive',
      clientType: isPublic ? 'Public' : 'Confidential',
      ...(differs('name') && { clientName: [client.name] }),
      ...(differs('scopes') && { scopes: client.scopes }),
      ...(differs('defaultScopes') && { defaultScopes: client.defaultScopes }),
      ...(differs('redirectUris') && { redirectionUris: client.redirectUris }),
      accessTokenLifetime: client.accessTokenLifetime ?? 0,
    },
    advancedOAuth2ClientConfig: {
      ...advanced,
      ...(differs('description') && {
        descriptions: [client.description].filter((one) => one !== ''),
      }),
      ...(differs('grantTypes') && { grantTypes: client.grantTypes }),
      ...(differs('authenticationMethod') && {
        tokenEndpointAuthMethod: client.authenticationMethod,
      }),
    },
    signEncOAuth2ClientConfig: {
      ...values.signEncOAuth2ClientConfig,
      ...(differs('tokenBinding') && {
        mTLSCertificateBoundAccessTokens: client.tokenBinding === 'certificate',
      }),
    },
    overrideOAuth2ClientConfig: {
      ...override,
      ...(differs('tokenFormat') && {
        providerOverridesEnabled: client.tokenFormat !== null,
        statelessTokensEnabled: client.tokenFormat === 'jwt',
      }),
    },
  };
  const signing = {
    ...present.signEncOAuth2ClientConfig,
    // By the method that it has now: a certificate means something with one of them.
    ...presentCredentials(present, held),
  };
  return { ...present, signEncOAuth2ClientConfig: signing };
}

/** What a new one begins with; `[""]` where AM has a list that nobody filled. */
export const describeTemplate = (): Readonly<Record<string, unknown>> => {
  const { coreOAuth2ClientConfig: core, ...others } = completed(OAUTH2_CLIENT, {});
  return { coreOAuth2ClientConfig: core, ...others, ...ABOUT };
};
