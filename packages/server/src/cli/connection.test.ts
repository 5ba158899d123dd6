import { statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTerminal, run } from '../../test/terminal.ts';
import { connect, readServer } from './connection.ts';
import { contextPath, keepContext, readContexts } from './context-file.ts';

const SESSION = { kind: 'session', userName: 'ada', cookie: 'tessera_session=x' } as const;
const PRODUCTION = { server: 'https://id.example.com', realm: 'alpha', access: SESSION };

function homeWithContext(): string {
  const terminal = makeTerminal();
  keepContext(terminal, 'production', PRODUCTION);
  return terminal.homeDirectory;
}

describe('where a command goes', () => {
  it('flags go before the environment, and that before the context', () => {
    const home = homeWithContext();
    const environment = { TESSERA_CLI_SERVER: 'https://env.example', TESSERA_CLI_REALM: 'bravo' };
    expect(connect(makeTerminal({ home }), {})).toMatchObject({
      server: 'https://id.example.com',
      realm: 'alpha',
      access: SESSION,
    });
    const terminal = makeTerminal({ home, environment });
    expect(connect(terminal, {})).toMatchObject({ server: 'https://env.example', realm: 'bravo' });
    expect(connect(terminal, { server: 'https://flag.example', realm: 'root' })).toMatchObject({
      server: 'https://flag.example',
      realm: 'root',
    });
  });

  it('a session is never sent to a server that it does not belong to', () => {
    const terminal = makeTerminal({ home: homeWithContext() });
    expect(connect(terminal, { server: 'https://other.example' }).access).toBeUndefined();
    expect(connect(terminal, { server: 'id.example.com' }).access).toEqual(SESSION);
  });

  it('a token of the environment is used instead of the context', () => {
    const environment = { TESSERA_CLI_TOKEN: 't0ken' };
    const terminal = makeTerminal({ home: homeWithContext(), environment });
    expect(connect(terminal, {}).access).toEqual({ kind: 'token', token: 't0ken' });
  });

  it('plain HTTP is for this machine, unless the network is trusted', () => {
    expect(() => connect(makeTerminal(), { server: 'http://id.example.com' })).toThrow('not https');
    const environment = { TESSERA_CLI_ALLOW_HTTP: 'true' };
    const server = 'http://id.example.com';
    expect(connect(makeTerminal({ environment }), { server }).server).toBe(server);
    expect(connect(makeTerminal(), { server: 'http://localhost:8080' }).realm).toBeUndefined();
  });

  it.each([
    ['id.example.com', 'https://id.example.com'],
    ['https://ID.example.com:443/', 'https://id.example.com'],
    ['https://id.example.com/am', undefined],
    ['https://u@id.example.com', undefined],
    ['https://', undefined],
    ['https://id.example.com?x', undefined],
  ])('%j is the server %j', (text, server) => {
    if (server === undefined) expect(() => readServer(text)).toThrow('not the address');
    else expect(readServer(text)).toBe(server);
  });
});

describe('the file of contexts', () => {
  it('and its folder are for their owner alone', () => {
    const terminal = makeTerminal({ home: homeWithContext() });
    const path = contextPath(terminal);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  });

  it('is where XDG_CONFIG_HOME says, when that is a path', () => {
    const at = (XDG_CONFIG_HOME: string) =>
      contextPath(makeTerminal({ home: '/home/ada', environment: { XDG_CONFIG_HOME } }));
    expect(at('/etc/ada')).toBe('/etc/ada/tessera/contexts.json');
    expect(at('relative')).toBe('/home/ada/.config/tessera/contexts.json');
  });

  it.each(['{', '[]', '{"contexts":{"a":{"server":1}}}'])('%s is told to be damaged', (text) => {
    const terminal = makeTerminal({ home: homeWithContext() });
    writeFileSync(contextPath(terminal), text);
    expect(() => readContexts(terminal)).toThrow('is damaged');
  });
});

describe('tessera context', () => {
  it('adds, lists, uses and removes', async () => {
    const { homeDirectory: home } = makeTerminal();
    const context = (...words: readonly string[]) => run(['context', ...words], { home });
    const server = ['--server', 'https://id.example.com'];
    expect(await context('add', 'one', ...server)).toMatchObject({ code: 0 });
    expect(await context('add', 'two', ...server, '--realm', 'alpha')).toMatchObject({ code: 0 });
    expect(await context('add', 'two', ...server)).toMatchObject({ code: 5 });
    expect(await context('use', 'one', '--realm', 'bravo')).toMatchObject({ code: 0 });
    expect((await context('list')).output).toBe(
      [
        'NAME  CURRENT  SERVER                  REALM  SIGNED IN AS',
        'one   yes      https://id.example.com  bravo  -',
        'two   no       https://id.example.com  alpha  -',
        '',
      ].join('\n'),
    );
    expect(await context('remove', 'one')).toMatchObject({ code: 0 });
    expect(await context('use', 'one')).toMatchObject({ code: 3 });
    expect(await context('add', '../x', ...server)).toMatchObject({ code: 2 });
    expect(await run(['realm', 'list', '--context', 'two'], { home })).toMatchObject({
      code: 4,
      errors: expect.stringContaining('tessera login --server https://id.example.com') as string,
    });
  });
});
