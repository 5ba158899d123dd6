import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AdminWorld, createAdminWorld } from '../../../test/admin-world.ts';
import { type CertificateRequest, issueAuthority } from '../../../test/certificates.ts';

let world: AdminWorld;
beforeAll(async () => {
  world = await createAdminWorld();
});
afterAll(() => world.close());

const at = (seconds: number): Date => new Date((world.env.clock.now() + seconds) * 1000);
const make = (name: string, more: Partial<CertificateRequest> = {}) =>
  issueAuthority(name, { notBefore: at(-60), notAfter: at(3600), ...more });

const believe = (name: string, certificate: string) =>
  world.call(world.root, 'createTrustedAuthority', { body: { name, certificate } });

const list = async () => (await world.call(world.root, 'listTrustedAuthorities')).answer.items;

test('an authority is believed, shown and believed no more', async () => {
  const made = make('Workloads');
  const { status, answer } = await believe('Workloads', made.pem);
  expect(status).toBe(201);
  expect(answer).toMatchObject({
    name: 'Workloads',
    subject: 'CN=Workloads',
    thumbprint: made.thumbprint,
    certificate: made.pem,
    notAfter: world.env.clock.now() + 3600,
    status: 'active',
  });
  const params = { authorityId: answer.id };
  expect((await world.call(world.root, 'findTrustedAuthority', { params })).answer).toEqual(answer);
  expect(await list()).toEqual([answer]);

  expect((await world.call(world.root, 'deleteTrustedAuthority', { params })).status).toBe(204);
  expect(await list()).toEqual([]);
  const events = await world.call(world.root, 'listEvents', {
    query: { subjectKind: 'trusted-authority' },
  });
  expect(events.answer.items.map(({ type }) => type)).toEqual([
    'trusted-authority.deleted',
    'trusted-authority.created',
  ]);
});

test('it holds in its realm alone', async () => {
  await world.call(world.root, 'createRealm', { body: { name: 'bravo' } });
  const { answer } = await believe('Alpha only', make('Alpha only').pem);
  const params = { realm: 'bravo', authorityId: answer.id };
  const elsewhere = await world.call(world.root, 'findTrustedAuthority', { params });
  expect(elsewhere.reason).toBe('trusted_authority_unknown');
  const deleted = await world.call(world.root, 'deleteTrustedAuthority', { params });
  expect(deleted.reason).toBe('trusted_authority_unknown');
});

test('one that has ended is shown as expired', async () => {
  const { answer } = await believe('Short', make('Short', { notAfter: at(10) }).pem);
  world.pass(11);
  expect((await list()).find(({ id }) => id === answer.id)?.status).toBe('expired');
});

test.each([
  ['no authority', { isAuthority: false }, 'not that of a certificate authority'],
  ['one that may not sign certificates', { keyUsage: [0] }, 'not that of a certificate authority'],
  ['one that has ended', { notAfter: new Date(0) }, 'has expired'],
  ['one for servers alone', { usages: ['serverAuth'] }, 'not for authenticating clients'],
] satisfies [string, Partial<CertificateRequest>, string][])(
  'RFC 5280 §6.1 %s could end no path and is refused',
  async (_, more, reason) => {
    const { problem } = await believe('Useless', make('Useless', more).pem);
    expect(problem?.type).toBe('urn:tessera:problem:certificate_unusable');
    expect(problem?.detail).toContain(reason);
  },
);

test('its private key does not belong here', async () => {
  const made = make('Leaky');
  const refused = await believe('Leaky', made.keyPem + made.pem);
  expect(refused.problem?.detail).toContain('should make a new one');
});

test('who may not be the clients that it could vouch for does not name it', async () => {
  const { clientId } = await world.register({ clientId: 'operations' });
  await world.call(world.root, 'setClientGrant', {
    params: { clientId, apiId: 'tessera-admin' },
    body: { scopes: ['users:write'] },
  });
  const limited = await world.automate('alpha', ['trust:read', 'trust:write']);
  const name = async (authority: string) =>
    world.call(limited, 'createTrustedAuthority', {
      body: { name: authority, certificate: make(authority).pem },
    });
  expect((await name('Before')).status).toBe(201);

  const said = { params: { clientId }, body: { subjectDn: 'CN=operations' } };
  expect((await world.call(world.root, 'addCertificate', said)).status).toBe(201);
  expect((await name('After')).reason).toBe('right_not_held');

  const able = await world.automate('alpha', ['trust:write', 'users:write']);
  const named = await world.call(able, 'createTrustedAuthority', {
    body: { name: 'Able', certificate: make('Able').pem },
  });
  expect(named.status).toBe(201);
});
