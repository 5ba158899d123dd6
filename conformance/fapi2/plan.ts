/*
 * The client credentials modules of the FAPI 2.0 Security Profile test plan, one file each, in
 * words of our own, on one server for all of them. The plan runs once with private_key_jwt and DPoP,
 * and once with certificates for both. The resource server is `tokeninfo`, which a token opens as it
 * opens any API.
 */
import { createHash } from 'node:crypto';
import { request as forward, type IncomingMessage } from 'node:http';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { beforeAll, describe, expect } from 'vitest';
import { type Issued, issueAuthority, issueLeaf } from '../../packages/server/test/certificates.ts';
import { CLIENT_CREDENTIALS, FORM_TYPE, type RealmClient } from '../realm.ts';
import {
  type Algorithm,
  assertionClaims,
  type ClientKey,
  carrying,
  newKey,
  now,
  proofOf,
  signJws,
} from '../signed.ts';
import type { Answer } from '../wire.ts';
import { onEachDatabase, type World } from '../world.ts';

/** A client of the plan, with all that it proves itself by. */
export type Party = {
  readonly clientId: string;
  readonly key: ClientKey;
  readonly certificate: Issued;
};

type Members = Readonly<Record<string, unknown>>;

/** What is different from a good request. */
export type Otherwise = {
  readonly claims?: Members;
  readonly header?: Members;
  /** `false`: none is sent. */
  readonly assertion?: string | false;
  readonly proof?: string | readonly string[] | false;
  readonly proofClaims?: Members;
  readonly certificate?: Issued | false;
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Plan = {
  readonly sender: 'DPoP' | 'mTLS';
  readonly world: World;
  readonly realm: RealmClient;
  readonly first: Party;
  readonly second: Party;
  readonly tokenEndpoint: string;
  readonly resource: string;
  metadata(): Promise<Members>;
  /** A token request of the party. */
  ask(party: Party, otherwise?: Otherwise): Promise<Answer>;
  /** A token, from a request that must succeed. */
  token(party: Party): Promise<string>;
  /** A request at the protected resource. */
  call(token: string, party: Party, otherwise?: Otherwise & { scheme?: string }): Promise<Answer>;
  proof(party: Party, claims?: Members, header?: Members): string;
  /** Another client of the realm, with a key for this algorithm. */
  register(algorithm?: Algorithm): Promise<Party>;
};

const REALM = 'fapi';

/** Runs the modules on both ways of proving; the plan is there once the tests run. */
export function onEachVariant(tests: (plan: Plan) => void): void {
  for (const sender of ['DPoP', 'mTLS'] as const)
    describe(`${sender === 'DPoP' ? 'private_key_jwt' : 'mTLS'} and ${sender}`, () => {
      onEachDatabase(
        (world) => {
          const { plan, prepare } = createPlan(sender, world);
          beforeAll(async () => {
            door.leadTo(world.port);
            await prepare();
          });
          tests(plan);
        },
        {
          scheme: 'https',
          environment: {
            TESSERA_CLIENT_CERTIFICATE_HEADER: 'client-cert',
            TESSERA_MTLS_URL: door.url,
          },
        },
      );
    });
}

const authority = issueAuthority('FAPI test authority');

/** TLS that asks for a certificate and tells it to the server behind. RFC 9440 §2.2 */
async function openDoor() {
  let port = 0;
  const own = issueLeaf(authority, {
    subject: [['CN', '127.0.0.1']],
    usages: ['serverAuth'],
    ipAddresses: [Buffer.from([127, 0, 0, 1])],
  });
  const server = createServer(
    { cert: own.pem, key: own.keyPem, requestCert: true, rejectUnauthorized: false },
    (incoming, outgoing) => {
      const { raw } = (incoming.socket as TLSSocket).getPeerCertificate();
      const shown = raw === undefined ? {} : { 'client-cert': `:${raw.toString('base64')}:` };
      const { method, url, headers } = incoming;
      const behind = forward(
        { host: '127.0.0.1', port, method, path: url, headers: { ...headers, ...shown } },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        },
      );
      behind.on('error', () => outgoing.destroy());
      incoming.pipe(behind);
    },
  );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  // It ends with the process of the tests.
  server.unref();
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo(to: number) {
      port = to;
    },
  };
}

const door = await openDoor();

/** One request over TLS with a certificate, or without one. */
function sendOverTls(
  url: string,
  { method, headers, body }: { method: string; headers: Record<string, string>; body?: string },
  certificate: Issued | undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const sent = request(
      url,
      {
        method,
        headers,
        ca: authority.pem,
        agent: false,
        ...(certificate && { cert: certificate.pem, key: certificate.keyPem }),
      },
      (incoming) => void readAnswer(incoming, started).then(resolve, reject),
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

async function readAnswer(incoming: IncomingMessage, started: number): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const text = bytes.toString('utf8');
  return {
    status: incoming.statusCode ?? 0,
    headers: incoming.headers,
    bytes,
    text,
    json: text.startsWith('{') ? (JSON.parse(text) as unknown) : undefined,
    milliseconds: performance.now() - started,
  };
}

function createPlan(sender: Plan['sender'], world: World) {
  const realm = world.realm(REALM);
  const parties: Party[] = [];
  const partyOf = (index: number): Party => {
    const party = parties[index];
    if (party === undefined) throw new Error('the plan is not prepared');
    return party;
  };
  const inMtls = (path: string): string => door.url + path;

  const register = async (algorithm: Algorithm = 'ES256'): Promise<Party> => {
    const key = newKey(algorithm);
    const certificate = issueLeaf(authority, { subject: [['CN', key.kid]] });
    const authenticationMethod = sender === 'DPoP' ? 'private_key_jwt' : 'tls_client_auth';
    const { clientId } = await realm.registerClient({ authenticationMethod });
    const path = `/api/realms/${REALM}/clients/${clientId}`;
    if (sender === 'DPoP')
      await world.administration.perform('POST', `${path}/keys`, { jwk: key.publicJwk });
    else
      await world.administration.perform('POST', `${path}/certificates`, {
        subjectDn: `CN=${key.kid}`,
      });
    return { clientId, key, certificate };
  };

  const prepare = async (): Promise<void> => {
    await world.createRealm(REALM);
    await realm.changeProvider({ securityProfile: 'fapi2' });
    await world.administration.perform('POST', `/api/realms/${REALM}/trusted-authorities`, {
      name: 'FAPI test authority',
      certificate: authority.pem,
    });
    parties.push(await register(), await register());
  };

  const plan: Plan = {
    sender,
    world,
    realm,
    get first() {
      return partyOf(0);
    },
    get second() {
      return partyOf(1);
    },
    get tokenEndpoint() {
      return sender === 'DPoP'
        ? `${realm.issuer}/access_token`
        : inMtls(`${realm.path}/access_token`);
    },
    get resource() {
      return sender === 'DPoP' ? `${realm.issuer}/tokeninfo` : inMtls(`${realm.path}/tokeninfo`);
    },
    async metadata() {
      const path = `/.well-known/oauth-authorization-server${realm.path}`;
      return (await world.send({ path })).json as Members;
    },
    proof: ({ key }, claims, header) => proofOf(key, plan.tokenEndpoint, claims, header),

    async ask(party, otherwise = {}) {
      const form = { ...CLIENT_CREDENTIALS, scope: 'read', ...describeClient(party, otherwise) };
      if (sender === 'DPoP') {
        const proof = otherwise.proof ?? plan.proof(party, otherwise.proofClaims);
        return realm.post(
          'access_token',
          { ...form, ...otherwise.form },
          { headers: { ...(proof !== false && { dpop: proof as string }), ...otherwise.headers } },
        );
      }
      return sendOverTls(
        plan.tokenEndpoint,
        {
          method: 'POST',
          headers: { 'content-type': FORM_TYPE, ...otherwise.headers },
          body: new URLSearchParams({ ...form, ...otherwise.form }).toString(),
        },
        certificateOf(party, otherwise),
      );
    },
    async token(party) {
      const answer = await plan.ask(party);
      expect(answer.status, answer.text).toBe(200);
      return (answer.json as { access_token: string }).access_token;
    },
    call(token, party, { scheme, headers, ...otherwise } = {}) {
      if (sender === 'mTLS')
        return sendOverTls(
          plan.resource,
          {
            method: 'GET',
            headers: { authorization: `${scheme ?? 'Bearer'} ${token}`, ...headers },
          },
          certificateOf(party, otherwise),
        );
      const proof =
        otherwise.proof ??
        proofOf(party.key, plan.resource, {
          htm: 'GET',
          ath: createHash('sha256').update(token).digest('base64url'),
          ...otherwise.proofClaims,
        });
      return realm.read('tokeninfo', {
        authorization: `${scheme ?? 'DPoP'} ${token}`,
        ...(proof !== false && { dpop: proof as string }),
        ...headers,
      });
    },
    register,
  };

  /** The parameters by which a client is told. */
  function describeClient(
    { clientId, key }: Party,
    { claims, header, assertion }: Otherwise,
  ): Record<string, string> {
    if (sender === 'mTLS' || assertion === false) return { client_id: clientId };
    return carrying(
      assertion ??
        signJws(
          { alg: key.algorithm, kid: key.kid, ...header },
          { ...assertionClaims(clientId, realm.issuer), nbf: now(), ...claims },
          key,
        ),
    );
  }

  return { plan, prepare };
}

const certificateOf = (party: Party, { certificate }: Otherwise): Issued | undefined =>
  certificate === false ? undefined : (certificate ?? party.certificate);

/** What all refusals have in common: the status, the members, the characters. */
export function expectRefused(answer: Answer, errors: readonly string[]): void {
  const { error, ...rest } = (answer.json ?? {}) as Record<string, string>;
  expect(errors).toContain(error);
  expect(error === 'invalid_client' ? [400, 401] : [400]).toContain(answer.status);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  expect(Object.keys(rest).filter((name) => !name.startsWith('error_'))).toEqual([]);
  expect(rest['error_description']).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]*$/);
}
