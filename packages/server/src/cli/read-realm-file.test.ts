import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeTerminal } from '../../test/terminal.ts';
import { CommandFailure } from './command-failure.ts';
import { readRealmFile, readRealmFiles, toldByLine } from './read-realm-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'tessera-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const read = (text: string, environment: Readonly<Record<string, string>> = {}) =>
  readRealmFile(makeTerminal({ environment }), put('realm.yaml', text));

const FILE = `realm: { name: shop }
apis: &all
  - id: orders
  - id: a/b
clients:
  - clientId: deploy
    secrets:
      - secret: \${ONE}
      - secret: prefix \${ONE}
    attributes:
      team: \${ONE}
applications: *all
`;

describe('a realm file', () => {
  it('knows the line of each place, or of what the place would be in', async () => {
    const { lineOf } = await read(FILE, { ONE: 'the first' });
    expect(
      [
        '',
        '/realm/name',
        '/apis/1/id',
        '/apis/7/id',
        '/clients/0/secrets/1/secret',
        '/clients/0/grants/0/api',
        '/applications/0/id',
        '/nothing',
      ].map(lineOf),
    ).toEqual([1, 1, 4, 2, 9, 6, 12, 1]);
  });

  it('takes a whole secret from the environment, and nothing else', async () => {
    const { file, variables } = await read(FILE, { ONE: 'the first' });
    expect(file.clients?.[0]).toMatchObject({
      secrets: [{ secret: 'the first' }, { secret: expect.stringMatching(/^prefix .{6}$/) }],
      attributes: { team: expect.stringContaining('{ONE}') },
    });
    expect([...variables]).toEqual([['deploy', 'ONE']]);
  });

  it.each([
    ['a variable that is not set', FILE, ':8: the environment has no ONE'],
    ['no realm', 'realm:\n  label: x\n', ':1: names no realm'],
    ['a name given twice', 'realm: { name: a }\nrealm: { name: b }\n', ':2: is neither'],
    ['an expansion without end', `a: &a [x]\n${billion()}realm: { name: a }\n`, 'alias'],
  ])('with %s is refused', async (_, text, message) => {
    await expect(read(text)).rejects.toThrow(message);
    await expect(read(text)).rejects.toMatchObject({ kind: 'usage' });
  });

  it('a folder without one is no mistake that passes', async () => {
    const empty = mkdtempSync(join(folder, 'empty-'));
    await expect(readRealmFiles(makeTerminal(), empty)).rejects.toThrow('holds no realm file');
  });

  it('what a server refuses of it is told by its line', async () => {
    const written = await read(FILE, { ONE: 'the first' });
    const refused = new CommandFailure('conflict', 'File not applied', 'Correct it.', [
      '/file/apis/1/identifier: is needed',
      'something else',
    ]);
    await expect(toldByLine(written, Promise.reject(refused))).rejects.toMatchObject({
      kind: 'conflict',
      parts: [`${written.path}:4: /apis/1/identifier is needed`, 'something else'],
    });
    const fault = new Error('a fault');
    await expect(toldByLine(written, Promise.reject(fault))).rejects.toBe(fault);
  });
});

/** Nine lists of nine times the one before. */
function billion(): string {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
  return names
    .slice(1)
    .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${names[index]}`).join(', ')}]\n`)
    .join('');
}
