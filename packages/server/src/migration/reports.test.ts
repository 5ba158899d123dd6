/* Exports as these products write them, and whether the report has a word on all that is in them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { realmFile } from '../contract/realm-file.ts';
import type { Converted, Note } from './converted.ts';
import { fromAuth0 } from './from-auth0.ts';
import { fromHydra } from './from-hydra.ts';
import { fromKeycloak } from './from-keycloak.ts';
import { fromPing } from './from-ping.ts';

type Members = Readonly<Record<string, unknown>>;

const FOLDER = fileURLToPath(new URL('../../test/exports/', import.meta.url));
const read = (path: string): Members => parse(readFileSync(join(FOLDER, path), 'utf8')) as Members;
const listIn = (value: unknown): readonly Members[] => value as readonly Members[];

/** What has a value: empty texts, lists and objects say nothing. */
const namesIn = (members: Members): readonly string[] =>
  Object.entries(members)
    .filter(([, value]) => value != null && !['""', '[]', '{}'].includes(JSON.stringify(value)))
    .map(([name]) => name);
const attributesOf = ({ notes }: Converted, object: string): readonly string[] =>
  notes.filter((note) => note.object === object).map(({ attribute }) => attribute);
const noteOn = ({ notes }: Converted, object: string, attribute: string): Note | undefined =>
  notes.find((note) => note.object === object && note.attribute === attribute);
const clientIn = (converted: Converted, clientId: string) =>
  realmFile.parse(converted.file).clients?.find((one) => one.clientId === clientId);

/** Once each: nothing is told twice, and nothing is left untold. */
function expectAllTold(converted: Converted, object: string, members: Members): void {
  const told = attributesOf(converted, object);
  expect(new Set(told).size, object).toBe(told.length);
  expect(told, object).toEqual(expect.arrayContaining([...namesIn(members)]));
}

describe('Keycloak', () => {
  const exported = read('keycloak.json');
  const converted = fromKeycloak(exported);

  it('every attribute of the realm, its clients and its client scopes is told', () => {
    expectAllTold(converted, 'realm', exported);
    const [, ...clients] = listIn(exported['clients']);
    for (const client of clients.filter(({ protocol }) => protocol !== 'saml'))
      expectAllTold(converted, `client ${String(client['clientId'])}`, client);
    for (const scope of listIn(exported['clientScopes']))
      expectAllTold(converted, `client scope ${String(scope['name'])}`, scope);
  });

  it('what a client does as its service account is told, for roles are not taken over', () => {
    const note = noteOn(converted, 'client billing', 'serviceAccount.clientRoles.orders-api');
    expect(note).toMatchObject({ fate: 'dropped', why: expect.stringContaining('orders.write') });
    const mappers = noteOn(converted, 'client scope orders', 'protocolMappers');
    expect(mappers?.why).toContain('the audience orders-api is an API here');
  });

  it('algorithms go along where they are ones of here', () => {
    expect(converted.file.provider).toMatchObject({ signingAlgorithm: 'RS256' });
    expect(clientIn(converted, 'billing')).toMatchObject({ signingAlgorithm: 'PS256' });
    const signs = noteOn(converted, 'client billing', 'attributes.token.endpoint.auth.signing.alg');
    expect(signs).toMatchObject({ fate: 'dropped', why: 'the client signs nothing' });
    expect(clientIn(converted, 'gateway')).toMatchObject({
      enabled: false,
      assertionAlgorithm: 'RS256',
    });
  });

  it('who lacks a secret, a key or a certificate is in the plan', () => {
    expect(converted.withoutSecret).toEqual(['orders-api', 'signed']);
    expect(converted.withoutProof).toEqual([
      { clientId: 'gateway', lacks: 'key' },
      { clientId: 'edge', lacks: 'certificate' },
    ]);
    expect(noteOn(converted, 'client orders-api', 'secret')?.fate).toBe('dropped');
    expect(noteOn(converted, 'client signed', 'secret')?.why).toContain('32 to 128');
  });

  it('a pattern is no name of a certificate, and SAML is no OAuth', () => {
    expect(clientIn(converted, 'edge')?.certificates).toEqual([]);
    expect(noteOn(converted, 'client edge', 'attributes.x509.subjectdn')?.fate).toBe('dropped');
    expect(clientIn(converted, 'saml-app')).toBeUndefined();
    expect(noteOn(converted, 'client saml-app', 'protocol')?.why).toContain('SAML');
  });

  it('a client that only asks about tokens has no grant types', () => {
    expect(clientIn(converted, 'orders-api')?.grantTypes).toEqual([]);
  });
});

describe('Hydra', () => {
  const exported = read('hydra.json');
  const converted = fromHydra(exported);

  it('every attribute of its clients is told', () => {
    for (const client of listIn(exported['items']).filter((one) => one['client_id'] !== undefined))
      expectAllTold(converted, `client ${String(client['client_id'])}`, client);
  });

  it('a list that goes on, and a client without an id, are told', () => {
    expect(noteOn(converted, 'list', 'next_page_token')?.why).toContain('more clients');
    expect(noteOn(converted, 'client no id', 'client_id')?.fate).toBe('dropped');
  });

  it('keys go along without those that sign for somebody', () => {
    expect(clientIn(converted, 'signed')).toMatchObject({
      assertionAlgorithm: 'ES256',
      accessTokenLifetime: 30,
      keys: [{ jwk: { kid: 'k1' } }],
    });
    expect(noteOn(converted, 'client signed', 'jwks')?.why).toContain('but for 1 with a private');
  });

  it('a method that is none of its own is told as what it becomes', () => {
    expect(noteOn(converted, 'client mtls', 'token_endpoint_auth_method')?.why).toContain(
      'client_secret_basic, since tls_client_auth',
    );
    expect(converted.withoutSecret).toEqual(['c1d2', 'mtls']);
  });
});

describe('Auth0', () => {
  const exported = read('auth0.yaml');
  const converted = fromAuth0(exported);

  it('every attribute of its APIs and clients is told, and every client grant', () => {
    for (const api of listIn(exported['resourceServers']).filter(
      (one) => one['is_system'] !== true,
    ))
      expectAllTold(converted, `api ${String(api['identifier'])}`, api);
    for (const client of listIn(exported['clients']))
      expectAllTold(converted, `client ${String(client['name'])}`, client);
    for (const grant of listIn(exported['clientGrants']))
      expect(
        noteOn(
          converted,
          `client ${String(grant['client_id'])}`,
          `grant ${String(grant['audience'])}`,
        ),
      ).toBeDefined();
  });

  it('a grant of a scope that the API lacks is made without it, and told', () => {
    expect(clientIn(converted, 'Billing')?.grants).toMatchObject([
      { api: 'orders-api', scopes: ['read:orders'] },
    ]);
    const note = noteOn(converted, 'client Billing', 'grant https://orders.example.com/');
    expect(note?.why).toContain('but for delete:orders');
  });

  it('a client with keys is one here, and lacks them', () => {
    expect(clientIn(converted, 'Signed')?.authenticationMethod).toBe('private_key_jwt');
    expect(converted.withoutProof).toEqual([{ clientId: 'Signed', lacks: 'key' }]);
    expect(converted.withoutSecret).toEqual(['Billing']);
  });

  it('no shared key comes along', () => {
    expect(JSON.stringify(converted.file)).not.toContain('abcdef0123456789');
    expect(noteOn(converted, 'api legacy-api', 'identifier')?.why).toContain(
      'urn:auth0:legacy-api',
    );
  });
});

describe('frodo, the whole of an export', () => {
  const files = readdirSync(join(FOLDER, 'frodo'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .sort();
  const converted = fromPing(files.map((path) => read(join('frodo', path))));

  it('every attribute of its clients is told', () => {
    const { application } = read('frodo/realm/root-alpha/oauth2.app/billing.oauth2.app.json');
    const { billing = {} } = application as Record<string, Members>;
    const told = attributesOf(converted, 'client billing');
    const attributes = Object.entries(billing)
      .filter(([group]) => !group.startsWith('_'))
      .flatMap(([group, members]) => namesIn(members as Members).map((name) => `${group}/${name}`));
    expect(attributes.length).toBeGreaterThan(10);
    expect([...told].sort()).toEqual([...attributes].sort());
  });

  it('an application comes along with its client; all else is told and left', () => {
    expect(realmFile.parse(converted.file).applications).toMatchObject([
      { name: 'Billing', clientId: 'billing', template: 'service', description: 'Invoices' },
    ]);
    for (const object of ['service oauth-oidc', 'script u', 'secret esv-a'])
      expect(noteOn(converted, object, '')?.fate, object).toBe('dropped');
    expect(JSON.stringify(converted)).not.toContain('zzz');
  });

  it('keys that a client publishes go along, and who has none is told', () => {
    const client = (id: string, signing: Members) => ({
      _id: id,
      coreOAuth2ClientConfig: { scopes: ['write'] },
      advancedOAuth2ClientConfig: { tokenEndpointAuthMethod: 'private_key_jwt' },
      signEncOAuth2ClientConfig: { publicKeyLocation: 'jwks_uri', ...signing },
    });
    const signed = fromPing([
      client('published', { jwksUri: 'https://a.example.com/keys' }),
      client('unknown', {}),
    ]);
    expect(clientIn(signed, 'published')?.keys).toMatchObject([
      { jwksUri: 'https://a.example.com/keys' },
    ]);
    expect(signed.withoutProof).toEqual([{ clientId: 'unknown', lacks: 'key' }]);
  });
});
