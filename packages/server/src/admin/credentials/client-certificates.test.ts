import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminWorld, createAdminWorld } from '../../../test/admin-world.ts';
import {
  issueAuthority,
  issueCertificate,
  issueLeaf,
  rsaKeys,
} from '../../../test/certificates.ts';
import type { Body } from '../../contract/routes.ts';

let world: AdminWorld;
let params: { readonly clientId: string };
beforeAll(async () => {
  world = await createAdminWorld();
});
afterAll(() => world.close());

/** The clock of this world is not ours. */
const at = (seconds: number): Date => new Date((world.env.clock.now() + seconds) * 1000);
const valid = () => ({ notBefore: at(-60), notAfter: at(3600) });

async function client(): Promise<void> {
  const { clientId } = await world.register();
  params = { clientId };
}

const add = (body: Body<'addCertificate'>) =>
  world.call(world.root, 'addCertificate', { params, body });

const list = async () => (await world.call(world.root, 'listCertificates', { params })).answer;

describe('RFC 8705 §2.2.2 one certificate', () => {
  test('is kept as it is, with its subject, its end and its thumbprint', async () => {
    await client();
    const made = issueCertificate({
      subject: [
        ['C', 'GB'],
        ['CN', 'billing, old'],
      ],
      ...valid(),
    });
    const { status, answer } = await add({ certificate: made.pem, label: 'blue' });
    expect(status).toBe(201);
    expect(answer).toMatchObject({
      kind: 'certificate',
      label: 'blue',
      subject: 'CN=billing\\, old,C=GB',
      subjectKind: null,
      certificate: made.pem,
      thumbprint: made.thumbprint,
      notAfter: world.env.clock.now() + 3600,
      status: 'active',
      expiresAt: null,
    });
    expect((await list()).items).toEqual([answer]);
  });

  test('is shown as expired when it has ended itself', async () => {
    await client();
    await add({ certificate: issueCertificate({ subject: [['CN', 'x']], ...valid() }).pem });
    world.pass(3601);
    expect((await list()).items).toMatchObject([{ status: 'expired' }]);
  });

  test('that is valid only later is taken, so that it can be there in time', async () => {
    await client();
    const later = { notBefore: at(3600), notAfter: at(7200) };
    const { status } = await add({
      certificate: issueCertificate({ subject: [['CN', 'x']], ...later }).pem,
    });
    expect(status).toBe(201);
  });

  test.each([
    ['an expired one', () => issueCertificate({ subject: [], notAfter: at(-1) }).pem, 'expired'],
    [
      'a weak one',
      () => issueCertificate({ subject: [], keys: rsaKeys(1024), ...valid() }).pem,
      'too weak',
    ],
    [
      'one with its private key',
      () => {
        const made = issueCertificate({ subject: [], ...valid() });
        return made.pem + made.keyPem;
      },
      'should make a new one',
    ],
  ])('%s is refused with a reason', async (_, certificate, reason) => {
    await client();
    const refused = await add({ certificate: certificate() });
    expect(refused.reason).toBe('certificate_unusable');
    expect(refused.problem?.errors?.[0]?.pointer).toBe('/certificate');
    expect(refused.problem?.detail).toContain(reason);
    expect(JSON.stringify(refused.problem)).not.toContain('PRIVATE');
    expect((await list()).items).toEqual([]);
  });

  test('is there once, whatever it is called', async () => {
    await client();
    const { pem } = issueCertificate({ subject: [['CN', 'x']], ...valid() });
    await add({ certificate: pem });
    expect((await add({ certificate: `again\n${pem}` })).reason).toBe('certificate_taken');
  });
});

describe('RFC 8705 §2.1.2 a subject', () => {
  test.each([
    ['subject_dn', { subjectDn: 'cn=billing, O=Example' }, 'CN=billing,O=Example'],
    ['san_dns', { sanDns: 'billing.example.com' }, 'billing.example.com'],
    ['san_uri', { sanUri: 'spiffe://example.com/billing' }, 'spiffe://example.com/billing'],
    ['san_ip', { sanIp: '2001:db8::7' }, '2001:db8::7'],
    ['san_email', { sanEmail: 'billing@example.com' }, 'billing@example.com'],
  ])('%s is kept in its one form', async (subjectKind, body, subject) => {
    await client();
    const { answer } = await add(body);
    expect(answer).toMatchObject({
      kind: 'certificate_subject',
      subjectKind,
      subject,
      certificate: null,
      thumbprint: null,
      notAfter: null,
      status: 'active',
    });
    expect((await add(body)).reason).toBe('certificate_taken');
  });

  test.each([
    ['subjectDn', '/C=GB/CN=billing', 'a distinguished name as in RFC 4514'],
    ['sanDns', '*.example.com', 'a host name without wildcard'],
    ['sanUri', 'no uri', 'a URI'],
    ['sanIp', '10.0.0', 'an address'],
    ['sanEmail', 'billing', 'an address'],
  ])('%s %s is refused with what would be right', async (member, value, words) => {
    await client();
    const { problem } = await add({ [member]: value });
    expect(problem?.errors).toEqual([
      { pointer: `/${member}`, detail: expect.stringContaining(words) as string },
    ]);
  });

  test.each([
    ['none', {}],
    ['two', { sanDns: 'a.example', sanIp: '192.0.2.7' }],
    ['one beside a certificate', { sanDns: 'a.example', certificate: 'x' }],
  ])('exactly one is named: %s is refused', async (_, body) => {
    await client();
    expect((await add(body)).reason).toBe('input_malformed');
  });
});

test('a certificate is renamed, ended and revoked, and each of it is told', async () => {
  await client();
  const authority = issueAuthority('A', valid());
  const { answer } = await add({ certificate: issueLeaf(authority, valid()).pem });
  const named = { clientId: params.clientId, certificateId: answer.id };
  const changed = await world.call(world.root, 'updateCertificate', {
    params: named,
    body: { label: 'green', expiresAt: world.env.clock.now() + 60 },
    ifMatch: `"${answer.revision}"`,
  });
  expect(changed.answer).toMatchObject({ label: 'green', status: 'active' });
  world.pass(61);
  expect((await list()).items).toMatchObject([{ status: 'expired' }]);
  const revoked = await world.call(world.root, 'revokeCertificate', { params: named });
  expect(revoked.status).toBe(204);
  expect((await list()).items).toEqual([]);

  const events = await world.call(world.root, 'listEvents', {
    query: { subjectKind: 'client', subjectId: params.clientId },
  });
  expect(events.answer.items.map(({ type }) => type)).toEqual([
    'credential.revoked',
    'credential.updated',
    'credential.added',
    'secret.added',
    'client.registered',
  ]);
  expect(events.answer.items[0]?.details).toMatchObject({ credentialId: answer.id });
});

test('a key is no certificate, nor the other way round', async () => {
  await client();
  const { answer } = await add({ sanDns: 'a.example' });
  const asKey = { clientId: params.clientId, keyId: answer.id };
  expect((await world.call(world.root, 'revokeKey', { params: asKey })).reason).toBe('key_unknown');
  expect((await world.call(world.root, 'listKeys', { params })).answer.items).toEqual([]);
});

test('who may not be a client gives it no certificate', async () => {
  const { clientId } = await world.register({}, 'alpha');
  await world.call(world.root, 'setClientGrant', {
    params: { clientId, apiId: 'tessera-admin' },
    body: { scopes: ['users:write'] },
  });
  const limited = await world.automate('alpha', ['credentials:write']);
  const refused = await world.call(limited, 'addCertificate', {
    params: { clientId },
    body: { sanDns: 'a.example' },
  });
  expect(refused.reason).toBe('right_not_held');
});
