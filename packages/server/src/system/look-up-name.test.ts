import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, expect, it } from 'vitest';
import { startNameServer } from '../../test/name-server.ts';
import { nameLookup } from './look-up-name.ts';

const directory = mkdtempSync(join(tmpdir(), 'tessera-names-'));
const [hosts, settings] = [join(directory, 'hosts'), join(directory, 'resolv.conf')];
writeFileSync(hosts, '127.0.0.1 localhost\n10.0.0.7 keys.hosts.example\n');
writeFileSync(settings, 'search team.example\n');
afterAll(() => rmSync(directory, { recursive: true }));

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

async function serve(zone: Parameters<typeof startNameServer>[0]) {
  const server = await startNameServer(zone);
  open.push(server);
  return server;
}

/** Asks these name servers; the system knows one address, and notes what it is asked. */
function lookupWith(servers: readonly string[] | undefined) {
  const system: string[] = [];
  const askSystem = async (name: string) => {
    system.push(name);
    return [{ address: '10.9.9.9', family: 4 }];
  };
  const lookUp = nameLookup({ hosts, settings, askSystem, ...(servers && { servers }) });
  return { system, lookUp };
}

const unending = () => new AbortController().signal;

it('every address of a name is found, of both families', async () => {
  const { address, questions } = await serve({
    'keys.example.com': ['192.0.2.1', '192.0.2.2', '2001:db8::1'],
  });
  const { lookUp, system } = lookupWith([address]);
  const found = await lookUp('keys.example.com', unending());
  expect(found).toHaveLength(3);
  expect(found).toEqual(
    expect.arrayContaining([
      { address: '192.0.2.1', family: 4 },
      { address: '192.0.2.2', family: 4 },
      { address: '2001:db8::1', family: 6 },
    ]),
  );
  expect([...questions].sort()).toEqual(['keys.example.com A', 'keys.example.com AAAA']);
  expect(system).toEqual([]);
});

it('one family is enough', async () => {
  const { address } = await serve({
    'six.example.com': ['2001:db8::6'],
    'four.example.com': ['192.0.2.4'],
  });
  const { lookUp } = lookupWith([address]);
  expect(await lookUp('six.example.com', unending())).toEqual([
    { address: '2001:db8::6', family: 6 },
  ]);
  expect(await lookUp('four.example.com', unending())).toEqual([
    { address: '192.0.2.4', family: 4 },
  ]);
});

it('a name that nobody knows is completed, and then has no address', async () => {
  const { address, questions } = await serve({});
  const { lookUp, system } = lookupWith([address]);
  expect(await lookUp('keys.example.com', unending())).toEqual([]);
  expect(new Set(questions.map((question) => question.split(' ')[0]))).toEqual(
    new Set(['keys.example.com', 'keys.example.com.team.example']),
  );
  expect(system).toEqual([]);
});

it('a name of the search list is found', async () => {
  const { address } = await serve({ 'keys.identity.team.example': ['10.1.2.3'] });
  const { lookUp } = lookupWith([address]);
  expect(await lookUp('keys.identity', unending())).toEqual([{ address: '10.1.2.3', family: 4 }]);
  expect(await lookUp('keys.identity.', unending())).toEqual([]);
});

it.each(['localhost', 'a.localhost', 'printer', 'printer.local', 'keys.hosts.example'])(
  'RFC 6761 §6.3 a local name is asked of the system and of nobody else: %s',
  async (name) => {
    const { address, questions } = await serve({});
    const { lookUp, system } = lookupWith([address]);
    expect(await lookUp(name, unending())).toEqual([{ address: '10.9.9.9', family: 4 }]);
    expect(system).toEqual([name]);
    expect(questions).toEqual([]);
  },
);

it('where there is no name server, the system is asked', async () => {
  const { lookUp, system } = lookupWith([]);
  expect(await lookUp('keys.example.com', unending())).toEqual([
    { address: '10.9.9.9', family: 4 },
  ]);
  expect(system).toEqual(['keys.example.com']);
});

it('a name server that does not answer is asked twice, and then the name has no address', async () => {
  const { address, questions } = await serve({ 'keys.silent.example': 'silent' });
  const { lookUp, system } = lookupWith([address]);
  expect(await lookUp('keys.silent.example', unending())).toEqual([]);
  expect(questions.length).toBeGreaterThan(0);
  expect(questions.length).toBeLessThanOrEqual(4);
  expect(system).toEqual([]);
});

it('whoever gives up has its answer at once, and no more questions are asked', async () => {
  const { address, questions } = await serve({ 'keys.silent.example': 'silent' });
  const { lookUp } = lookupWith([address]);
  const caller = new AbortController();
  const looking = lookUp('keys.silent.example', caller.signal);
  await expect.poll(() => questions.length).toBe(2);
  caller.abort();
  expect(await looking).toEqual([]);
  expect(questions).toHaveLength(2);
});

it('silence of many holds nobody up', async () => {
  const { address, questions } = await serve({
    '*.silent.example': 'silent',
    'keys.example.com': ['192.0.2.1'],
  });
  const { lookUp } = lookupWith([address]);
  const done: string[] = [];
  const silent = Array.from({ length: 50 }, async (_, n) => {
    await lookUp(`${n}.silent.example`, unending());
    done.push('silent');
  });
  await expect.poll(() => questions.length).toBeGreaterThanOrEqual(100);
  const found = await lookUp('keys.example.com', unending());
  expect([found.length, done]).toEqual([1, []]);
  await Promise.all(silent);
});

it('of the system, two names are asked at once, no more', async () => {
  let asked = 0;
  const answers: (() => void)[] = [];
  const lookUp = nameLookup({
    hosts,
    askSystem: async () => {
      asked += 1;
      await new Promise<void>((resolve) => answers.push(resolve));
      return [];
    },
  });
  const caller = new AbortController();
  const looking = Array.from({ length: 10 }, (_, n) => lookUp(`printer-${n}`, caller.signal));
  await expect.poll(() => asked).toBe(2);
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
  expect(asked).toBe(2);
  caller.abort();
  for (const answer of answers) answer();
  await Promise.all(looking);
  expect(asked).toBe(2);
});
