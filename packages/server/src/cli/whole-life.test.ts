/*
 * The command line against a real server in a process of its own, from the first start on.
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '../../test/free-port.ts';
import { PASSWORD, serverProcess } from '../../test/running-server.ts';
import { makeTerminal, run } from '../../test/terminal.ts';
import { runProgram } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'tessera-life-'));
const home = join(folder, 'home');
const data = join(folder, 'data');
const inFolder = (name: string): string => join(folder, name);
let server: string;
let life: ReturnType<typeof serverProcess>;

const tessera = (line: string, input = '', more: readonly string[] = []) =>
  run([...line.split(' '), ...more], { home, input });

/** A command that succeeds, and the value that it prints. */
async function result<Value>(line: string, more: readonly string[] = []): Promise<Value> {
  const { code, output, errors } = await tessera(`${line} --output json`, '', more);
  expect({ line, code, errors: code === 0 ? '' : errors }).toEqual({ line, code: 0, errors: '' });
  return JSON.parse(output) as Value;
}

beforeAll(async () => {
  server = `http://localhost:${await findFreePort()}`;
  life = serverProcess(server, data);
  await life.start();
});
afterAll(async () => {
  if (life.isRunning()) await life.stop('SIGKILL');
  rmSync(folder, { recursive: true });
});

describe('the first start', () => {
  it('says where the one-time password is, which is for its owner alone', () => {
    const file = join(data, 'bootstrap-password');
    expect(life.told()).toContain(`First administrator: admin. One-time password: in ${file}.`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(life.told()).not.toContain(readFileSync(file, 'utf8').trim());
  });

  it('a wrong password does not sign in', async () => {
    const line = `login --server ${server} --user admin --password-file -`;
    expect(await tessera(line, 'not the password')).toMatchObject({ code: 4 });
  });

  it('signing in replaces the one-time password by one that the person types', async () => {
    const terminal = makeTerminal({
      arguments: ['login', '--server', server, '--user', 'admin', '--context', 'here'],
      home,
    });
    const signedIn = runProgram(terminal);
    const answer = async (question: string, text: string) => {
      await expect.poll(() => terminal.written.errors).toContain(`${question}: `);
      terminal.type(`${text}\r`);
    };
    await answer(
      'Password of admin',
      readFileSync(join(data, 'bootstrap-password'), 'utf8').trim(),
    );
    await answer('New password', PASSWORD);
    await answer('New password, again', PASSWORD);
    expect({ code: await signedIn, ...terminal.written }).toMatchObject({ code: 0, output: '' });
    expect(terminal.written.errors).toContain(`Signed in at ${server} as admin.`);
    expect(terminal.written.errors).not.toContain(PASSWORD);
    expect(await result('whoami')).toMatchObject({
      name: 'admin',
      roles: ['administrator'],
      server,
    });
  });
});

describe('a realm with a client', () => {
  it('is made', async () => {
    expect(await result('realm create alpha')).toMatchObject({
      name: 'alpha',
      issuer: `${server}/am/oauth2/realms/root/realms/alpha`,
    });
    expect(await tessera('context use here --realm alpha')).toMatchObject({ code: 0 });
    expect(await tessera('realm create alpha')).toMatchObject({ code: 5 });
    expect(await tessera('realm get nowhere')).toMatchObject({
      code: 3,
      errors: expect.stringContaining('Realm unknown: nowhere\nSee which realms') as string,
    });
  });

  it('a new secret goes to a file for its owner alone, and nowhere else', async () => {
    const file = inFolder('myClient.secret');
    const { code, output } = await tessera(
      `client create myClient --scope write --secret-file ${file}`,
    );
    expect(code).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const secret = readFileSync(file, 'utf8').trim();
    expect(secret).toMatch(/^tsk_/);
    expect(output).not.toContain(secret);
    expect(output).toContain(file);
  });

  it('or is printed once, for a shell to source', async () => {
    const { output, errors } = await tessera('client create other --scope read --output env');
    expect(output).toMatch(/^CLIENT_ID=other$/m);
    expect(output).toMatch(/^CLIENT_SECRET=tsk_\w[\w-]+$/m);
    expect(errors).toContain('only time');
  });

  it('what is wrong is told part by part', async () => {
    const { code, errors } = await tessera(
      'client create third --access-token-lifetime 52w --redirect-uri not-a-uri',
    );
    expect(code).toBe(2);
    expect(errors).toContain('/accessTokenLifetime: must be at most 2592000');
    expect(errors).toContain('/redirectUris/0: ');
  });

  it('members may come from a file, and flags complement them', async () => {
    const file = inFolder('client.yaml');
    writeFileSync(file, 'name: From a file\nscopes: [read, write]\n');
    expect(
      await result(`client create from-file --file ${file} --default-scope read`),
    ).toMatchObject({
      clientId: 'from-file',
      name: 'From a file',
      scopes: ['read', 'write'],
      defaultScopes: ['read'],
    });
  });

  it('changing reads first, and what is stale is refused', async () => {
    const changed = await result<{ revision: number; accessTokenLifetime: number }>(
      'client update myClient --access-token-lifetime 15m',
    );
    expect(changed.accessTokenLifetime).toBe(900);
    const stale = `client update myClient --no-access-token-lifetime --if-match ${changed.revision - 1}`;
    expect(await tessera(stale)).toMatchObject({ code: 5 });
    expect(await result('client update myClient --no-access-token-lifetime')).toMatchObject({
      accessTokenLifetime: null,
    });
    expect(await tessera('client update myClient')).toMatchObject({ code: 2 });
  });

  it('lists are read page by page, and go on where they ended', async () => {
    type Page = { items: { clientId: string }[]; next: string | null };
    const first = await result<Page>('client list --limit 2');
    const second = await result<Page>(`client list --limit 2 --after ${first.next}`);
    expect([...first.items, ...second.items].map(({ clientId }) => clientId)).toEqual([
      'from-file',
      'myClient',
      'other',
    ]);
    expect(second.next).toBeNull();
    expect((await tessera('client list --limit 1')).errors).toContain('--after ');
    expect(await tessera('client list --limit 0')).toMatchObject({ code: 2 });
  });

  it('users, applications and APIs are called by their names', async () => {
    await result('user create ada --given-name Ada');
    await result('user update ada --family-name Lovelace');
    expect(await result('user get ada')).toMatchObject({ familyName: 'Lovelace' });
    await result('app create', [
      'Nightly report',
      '--owner',
      'ada',
      '--client-id',
      'nightly',
      '--no-secret',
    ]);
    expect(await result('app list --owner ada')).toMatchObject({
      items: [{ clientId: 'nightly' }],
    });
    await result('app update', ['Nightly report', '--no-owner']);
    expect(await tessera('app delete --with-client --yes', '', ['Nightly report'])).toMatchObject({
      code: 0,
    });
    expect(await tessera('client get nightly')).toMatchObject({ code: 3 });

    await result(
      'api create orders --identifier https://orders.example.com --name Orders --scope orders:read',
    );
    await result('scope add orders orders:write --description', ['Change orders']);
    await result('grant set myClient https://orders.example.com --scope', [
      'orders:read orders:write',
    ]);
    expect(await result('grant list --client myClient')).toMatchObject({
      items: [{ apiId: 'orders', scopes: ['orders:read', 'orders:write'] }],
    });
    expect(await tessera('scope remove orders orders:write --yes')).toMatchObject({ code: 0 });
    expect(await tessera('api delete orders --yes')).toMatchObject({ code: 5 });
    await result('api update orders --claim region=eu --claim level:=[2]');
    await result('api update orders --claims-hook https://hooks.example.com/');
    const { output } = await tessera('client access myClient');
    expect(output).toMatch(
      / https:\/\/orders\.example\.com .* region=eu \(api\) level:=\[2\] \(api\) {2}refuse after 500 ms$/m,
    );
  });

  it('what cannot be undone is not done unasked', async () => {
    expect(await tessera('client delete other')).toMatchObject({ code: 2 });
    const terminal = makeTerminal({ arguments: ['client', 'delete', 'other'], home });
    const deleted = runProgram(terminal);
    await expect.poll(() => terminal.written.errors).toContain('Type other to go on: ');
    terminal.type('other\n');
    expect(await deleted).toBe(0);
    expect(await tessera('client delete other --yes')).toMatchObject({ code: 3 });
  });
});

describe('tokens', () => {
  const client = () => `--client-id myClient --client-secret-file ${inFolder('myClient.secret')}`;
  let token = '';

  it('are got, decoded, introspected by the client and by the administrator', async () => {
    const got = await tessera(`token get ${client()} --scope write`);
    expect(got).toMatchObject({ code: 0, errors: '' });
    token = got.output.trim();
    expect((await tessera(`token get ${client()} --scope write --header`)).output).toMatch(
      /^Authorization: Bearer ey\S+\n$/,
    );
    const decoded = await tessera('token decode --output json', got.output);
    expect(JSON.parse(decoded.output)).toMatchObject({
      claims: { scope: 'write', sub: 'myClient' },
    });
    const seen = await tessera(`token introspect ${client()} --output json`, got.output);
    expect(JSON.parse(seen.output)).toMatchObject({ active: true, client_id: 'myClient' });
    const inspected = await tessera('token introspect', got.output);
    expect(inspected.output).toMatch(/^explanation +It is active\.$/m);
  });

  it('a scope that is not granted and a wrong secret are denied, each with its remedy', async () => {
    expect(await tessera(`token get ${client()} --scope admin`)).toMatchObject({
      code: 4,
      errors: expect.stringContaining('tessera client access') as string,
    });
    expect(
      await tessera('token get --client-id myClient --client-secret-file -', 'wrong'),
    ).toMatchObject({ code: 4, errors: expect.stringContaining('Check the client id') as string });
    expect(await tessera('token get --client-id myClient')).toMatchObject({
      code: 2,
      errors: expect.stringContaining('--client-secret-file PATH') as string,
    });
  });

  it('a revoked one is not active', async () => {
    expect(await tessera(`token revoke ${client()}`, token)).toMatchObject({ code: 0 });
    const asked = await tessera('token introspect --require-active --output json', token);
    expect({ ...asked, output: JSON.parse(asked.output) as unknown }).toMatchObject({
      code: 4,
      output: { active: false, obstacle: 'revoked' },
    });
  });

  it('the secret before works for the overlap, and ends at once without', async () => {
    const old = `--client-id myClient --client-secret-file ${inFolder('myClient.secret')}`;
    const fresh = inFolder('fresh.secret');
    await result(`client secret rotate myClient --overlap 1h --label fresh --secret-file ${fresh}`);
    expect(await tessera(`token get ${old} --scope write`)).toMatchObject({ code: 0 });
    const { items } = await result<{ items: { label: string; lastFour: string }[] }>(
      'client secret list myClient',
    );
    const replaced = items.find(({ label }) => label !== 'fresh');
    expect(
      await tessera(`client secret revoke myClient ${replaced?.lastFour} --yes`),
    ).toMatchObject({ code: 0 });
    expect(await tessera(`token get ${old} --scope write`)).toMatchObject({ code: 4 });
    const renewed = `--client-id myClient --client-secret-file ${fresh}`;
    expect(await tessera(`token get ${renewed} --scope write`)).toMatchObject({ code: 0 });
    expect(await result('client secret update myClient fresh --label lasting')).toMatchObject({
      label: 'lasting',
    });
  });
});

describe('signing keys and events', () => {
  it('a rotated key is published next to the one before', async () => {
    const { items } = await result<{ items: { state: string; kid: string }[] }>(
      'key rotate --immediately',
    );
    expect(items.map(({ state }) => state).toSorted()).toEqual(['retired', 'signing']);
    expect(
      await tessera(`key revoke ${items.find(({ state }) => state === 'retired')?.kid} --yes`),
    ).toMatchObject({
      code: 0,
    });
  });

  it('the audit tells what was done, and can be written to a file', async () => {
    const { items } = await result<{ items: { type: string }[] }>(
      'audit list --since 1h --type client.registered --subject-id myClient',
    );
    expect(items).toHaveLength(1);
    const file = inFolder('events.jsonl');
    expect(await tessera(`audit export --file ${file}`)).toMatchObject({ code: 0 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const types = lines.map((line) => (JSON.parse(line) as { type: string }).type);
    expect(types).toEqual(expect.arrayContaining(['client.registered', 'secret.rotated']));
    expect(await tessera(`audit export --file ${file}`)).toMatchObject({ code: 5 });
    expect(lines.join()).not.toContain(readFileSync(inFolder('myClient.secret'), 'utf8').trim());
  });

  it('tail shows what happens, until it is stopped', async () => {
    const terminal = makeTerminal({
      arguments: ['audit', 'tail', '--type', 'provider.updated'],
      home,
      input: '',
    });
    const ended = runProgram(terminal);
    await result('provider update --access-token-lifetime 30m');
    await expect
      .poll(() => terminal.written.output, { timeout: 10_000 })
      .toContain('provider.updated');
    await result('provider update --access-token-lifetime 1h');
    await expect
      .poll(() => terminal.written.output.match(/provider\.updated/g)?.length, { timeout: 10_000 })
      .toBe(2);
    terminal.stop();
    expect(await ended).toBe(0);
  });
});

describe('automation', () => {
  it('a client signs in with its secret and gets new tokens by itself', async () => {
    const secret = inFolder('ci.secret');
    await result(`client create ci --realm root --secret-file ${secret}`);
    await result('grant set ci tessera-admin --realm root --scope', ['clients:read realms:read']);
    const scope = ['--scope', 'clients:read'];
    const line = `login --server ${server} --context ci --client-id ci --client-secret-file ${secret}`;
    expect(await tessera(line, '', scope)).toMatchObject({ code: 0 });
    expect(await result('whoami --context ci')).toMatchObject({
      kind: 'client',
      permissions: ['clients:read'],
    });
    const contexts = readFileSync(join(home, '.config/tessera/contexts.json'), 'utf8');
    expect(contexts).not.toContain(readFileSync(secret, 'utf8').trim());

    const inAnHour = () => Math.floor(Date.now() / 1000) + 7200;
    const later = await run(['client', 'list', '--context', 'ci', '--realm', 'alpha'], {
      home,
      input: '',
      now: inAnHour,
    });
    expect(later).toMatchObject({ code: 0 });
    expect(readFileSync(join(home, '.config/tessera/contexts.json'), 'utf8')).not.toBe(contexts);
    expect(await tessera('user list --context ci --realm alpha')).toMatchObject({
      code: 4,
      errors: expect.stringContaining('users:read') as string,
    });
    expect(await tessera('context use here')).toMatchObject({ code: 0 });
  });

  it('a script brings its token in the environment', async () => {
    const secret = inFolder('ci.secret');
    const resource = '--resource urn:tessera:admin --scope realms:read';
    const { output } = await tessera(
      `token get --realm root --client-id ci --client-secret-file ${secret} ${resource}`,
    );
    const environment = { TESSERA_CLI_SERVER: server, TESSERA_CLI_TOKEN: output.trim() };
    expect(await run(['realm', 'list'], { environment })).toMatchObject({ code: 0 });
    const spoilt = { ...environment, TESSERA_CLI_TOKEN: 'x' };
    expect(await run(['realm', 'list'], { environment: spoilt })).toMatchObject({
      code: 4,
      errors: expect.stringContaining('TESSERA_CLI_TOKEN') as string,
    });
  });
});
