import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { basic, CLIENT_CREDENTIALS, rawBasic } from './realm.ts';
import { converse, send } from './wire.ts';
import { onEachDatabase } from './world.ts';

/** A text as it may turn up: itself, encoded for a URL or in JSON, in base64, in hexadecimal. */
function disguises(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const base64 = [0, 1, 2].map((shift) =>
    // Base64 of a part of a longer text differs by where the part begins.
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(shift === 0 ? 0 : 4, -4),
  );
  return [
    text,
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
    bytes.toString('hex'),
    ...base64,
    ...base64.map((one) => one.replaceAll('+', '-').replaceAll('/', '_')),
    createHash('sha256').update(text).digest('hex'),
    createHash('sha256').update(text).digest('base64'),
  ];
}

const found = (haystack: string, sentinels: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(sentinels)
    .filter(([, sentinel]) => disguises(sentinel).some((one) => haystack.includes(one)))
    .map(([name]) => name);

const GRANTS = [
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'urn:ietf:params:oauth:grant-type:token-exchange',
];

onEachDatabase((world) => {
  const { alpha } = world;
  const sentinels: Record<string, string> = {};
  const answers: string[] = [];

  const keep = async (asked: Promise<{ readonly text: string }>): Promise<void> => {
    answers.push((await asked).text);
  };

  /** Sends each secret wherever a secret can be sent, rightly and wrongly. */
  beforeAll(async () => {
    await alpha.changeProvider({ grantTypes: ['client_credentials', ...GRANTS] });
    const chosen = 'sentinel-chosen-secret-Zk3';
    const client = await alpha.registerClient({ clientId: 'leaky', secret: { secret: chosen } });
    const generated = await alpha.registerClient({ clientId: 'leaky-generated' });
    const opaque = await alpha.registerClient({ clientId: 'leaky-opaque', tokenFormat: 'opaque' });
    const jwt = await alpha.token(client, { scope: 'read' });
    const reference = await alpha.token(opaque, { scope: 'read' });
    Object.assign(sentinels, {
      'a chosen secret': chosen,
      'a generated secret': generated.secret,
      'another generated secret': opaque.secret,
      'a wrong secret': 'sentinel-wrong-secret-Qq8',
      'a JWT': jwt,
      'the signature of a JWT': jwt.split('.')[2] ?? '',
      'an opaque token': reference,
      'a forged token': 'sentinel-forged-token-Pw5',
      'an assertion': 'sentinel-assertion-Rm2',
      'a password': 'sentinel-password-Vx7',
    });
    const wrong = { clientId: 'leaky', secret: sentinels['a wrong secret'] ?? '' };
    const forged = sentinels['a forged token'] ?? '';
    const form = { ...CLIENT_CREDENTIALS, scope: 'read' };

    for (const as of [wrong, { ...wrong, clientId: 'unknown-client' }]) {
      await keep(alpha.request(as, { scope: 'read' }));
      await keep(
        alpha.post('access_token', { ...form, client_id: as.clientId, client_secret: as.secret }),
      );
    }
    await keep(alpha.request(generated, { scope: 'nothing' }));
    await keep(
      alpha.post('access_token', {
        ...form,
        scope: 'nothing',
        client_id: generated.clientId,
        client_secret: generated.secret,
      }),
    );
    await keep(
      alpha.post('access_token', { ...form, client_secret: generated.secret }, { as: generated }),
    );
    await keep(alpha.post(`access_token?client_id=leaky&client_secret=${chosen}`, form));
    await keep(alpha.post('access_token', { ...form, client_assertion: 'sentinel-assertion-Rm2' }));
    const exchanging = await alpha.registerClient({ grantTypes: GRANTS });
    for (const grant_type of GRANTS)
      for (const token of [forged, jwt, reference, 'sentinel-assertion-Rm2'])
        for (const ask of [{ as: exchanging }, {}])
          for (const type of ['access_token', 'jwt'])
            await keep(
              alpha.post(
                'access_token',
                {
                  grant_type,
                  assertion: token,
                  subject_token: token,
                  subject_token_type: `urn:ietf:params:oauth:token-type:${type}`,
                  actor_token: token,
                  actor_token_type: 'urn:ietf:params:oauth:token-type:access_token',
                },
                ask,
              ),
            );
    await keep(
      alpha.post('access_token', { ...form, password: 'sentinel-password-Vx7' }, { as: generated }),
    );
    await keep(alpha.post('access_token', `${chosen}=%zz`, { as: client }));
    for (const authorization of [
      rawBasic(chosen),
      `Basic ${chosen}`,
      `Bearer ${forged}`,
      `Bearer ${jwt}`,
      `${chosen}`,
    ]) {
      await keep(alpha.post('access_token', form, { headers: { authorization } }));
      await keep(alpha.post('introspect', { token: forged }, { headers: { authorization } }));
    }
    await keep(alpha.read('tokeninfo', { authorization: `Bearer ${forged}` }));
    for (const token of [forged, jwt, reference]) {
      await keep(alpha.introspect(token, generated));
      await keep(alpha.revoke(token, generated));
      await keep(alpha.read(`tokeninfo?access_token=${token}`));
      await keep(alpha.read(`nothing/${token}`));
      await keep(alpha.post(`introspect?token=${token}`, '', { as: generated }));
    }
    await keep(
      world.administration.call('POST', '/api/session', { userName: 'admin', password: forged }),
    );
    await keep(
      world.administration.call('POST', '/api/realms/alpha/clients/leaky/secrets', {
        secret: 'sentinel-wrong-secret-Qq8',
        unknownMember: forged,
      }),
    );
    await keep(
      world.administration.call('GET', '/api/realms/alpha/clients', undefined, {
        cookie: '',
        authorization: `Bearer ${forged}`,
      }),
    );
    // What the parser refuses must not be quoted either.
    await converse(world.port, [
      `POST /${chosen} HTTP/9\r\nAuthorization: ${basic(client)}\r\n\r\n`,
    ]);
    await converse(world.port, [
      `POST ${alpha.path}/access_token HTTP/1.1\r\nHost: x\r\n${chosen}\r\n\r\n`,
    ]);
    // Traffic events are written in batches.
    await pause(1_000);
  });

  describe('no secret, token or assertion leaves by another door (attack 12)', () => {
    it('the sentinels would be found: the disguises work', () => {
      const shown = `x=${Buffer.from('ab' + 'sentinel-password-Vx7' + 'yz').toString('base64')}`;
      expect(found(shown, sentinels)).toEqual(['a password']);
      expect(found(`{"a":"${sentinels['an opaque token']}"}`, sentinels)).toEqual([
        'an opaque token',
      ]);
    });

    it('by the log of the server', () => {
      const log = world.log();
      expect(log).toContain('secret_wrong');
      expect(found(log, sentinels)).toEqual([]);
    });

    it('by the answers to those who were refused', () => {
      expect(answers.length).toBeGreaterThan(30);
      expect(found(answers.join('\n'), sentinels)).toEqual([]);
    });

    it('by the events, in any realm', async () => {
      for (const realm of ['alpha', 'root']) {
        const path = `/api/realms/${realm}/events?limit=200`;
        const page = await world.administration.perform<{ items: unknown[] }>('GET', path);
        expect(page.items.length).toBeGreaterThan(0);
        expect(found(JSON.stringify(page), sentinels)).toEqual([]);
      }
    });

    it('by the database', async () => {
      const dump = await world.dumpDatabase();
      expect(dump).toContain('leaky-generated');
      expect(found(dump, sentinels)).toEqual([]);
    });

    it('by the database: private keys are sealed (K265, attack 26)', async () => {
      const dump = await world.dumpDatabase();
      expect(dump).toContain('"kty"');
      expect(dump).not.toContain('"d":');
      expect(dump).not.toContain('PRIVATE KEY');
      // An unsealed PKCS #8 key of P-256 begins with these bytes.
      expect(dump).not.toContain('MIGHAgEAMBMGByqGSM49');
    });

    it('by the metrics, which name no client either (P308)', async () => {
      const { status, text } = await send(world.managementPort, { path: '/metrics' });
      expect(status).toBe(200);
      expect(text).toContain('tessera_tokens_issued_total');
      expect(found(text, sentinels)).toEqual([]);
      expect(text).not.toContain('leaky');
    });

    it('by the public port: there are no metrics there', async () => {
      expect((await world.send({ path: '/metrics' })).status).toBe(404);
    });
  });

  describe('a line of the log is one line, and one JSON object (P307)', () => {
    it.each([
      ['CR LF', 'evil\r\n{"level":60,"msg":"forged"}'],
      ['LF', 'evil\nforged'],
      ['NUL', 'evil\0forged'],
      ['ESC', 'evil\x1b[2J\x1b[31mforged'],
      ['LINE SEPARATOR', 'evil\u2028forged'],
      ['PARAGRAPH SEPARATOR', 'evil\u2029forged'],
      ['NEL', 'evil\u0085forged'],
      ['right-to-left override', 'evil\u202eforged'],
      ['quotation marks', 'evil","level":60,"x":"forged'],
    ])('whatever is in the client id: %s', async (_, clientId) => {
      const before = world.log().length;
      await alpha.post('access_token', CLIENT_CREDENTIALS, {
        headers: { authorization: rawBasic(`${clientId}:secret`) },
      });
      await alpha.post('access_token', {
        ...CLIENT_CREDENTIALS,
        client_id: clientId,
        client_secret: 'x',
      });
      await alpha.post('access_token', { grant_type: clientId, scope: clientId });
      await alpha.read(`tokeninfo?${encodeURIComponent(clientId)}`);
      await expect.poll(() => world.log().length).toBeGreaterThan(before);
      const written = world.log().slice(before);
      const lines = written.trimEnd().split('\n');
      for (const line of lines) {
        const record = JSON.parse(line) as { level: unknown; msg: unknown };
        expect(record.level).not.toBe(60);
        expect(record.msg).not.toBe('forged');
        // Control characters are written escaped: nothing reaches the terminal of who reads it.
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }
    });
  });

  describe('health says nothing but whether (P308)', () => {
    it.each(['/health/live', '/health/ready'])('%s', async (path) => {
      const { status, json } = await world.send({ path });
      expect(status).toBe(200);
      expect(Object.keys(json as object)).toEqual(['status']);
    });
  });
});
