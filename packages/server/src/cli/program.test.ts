import { readdirSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { makeTerminal, run } from '../../test/terminal.ts';
import { ADMIN_ROUTES, adminRoutes } from '../contract/index.ts';
import { EXIT_CODE_MEANINGS, EXIT_CODES } from './command-failure.ts';
import { FIELD_WORDS, NO_WORDS } from './field-words.ts';
import { fieldsOf } from './fields.ts';
import { createProgram } from './program.ts';

const program = createProgram(makeTerminal());

/** Every command that does something, with the words that call it. */
function leaves(command: Command = program, words: readonly string[] = []): readonly Leaf[] {
  if (command.commands.length === 0) return [{ words, command }];
  return command.commands.flatMap((sub) => leaves(sub, [...words, sub.name()]));
}
type Leaf = { readonly words: readonly string[]; readonly command: Command };

const LEAVES = leaves();
const FLAGS = new Set(LEAVES.flatMap(({ command }) => command.options.map(({ long }) => long)));
const names = LEAVES.map(({ words }) => words.join(' '));

describe.each(LEAVES)('tessera $words', ({ words, command }) => {
  it('has help with an example that is a line of its own', async () => {
    const { code, output } = await run([...words, '--help']);
    expect(code).toBe(0);
    const examples = /\nExamples?:\n((?: {2}\$ .+\n?)+)/.exec(output)?.[1] ?? '';
    expect(examples).toContain(`tessera ${words.join(' ')}`);
    const known = [...command.options, ...program.options].flatMap(({ long }) => long ?? []);
    for (const flag of flagsIn(examples, words)) expect([...known, '--help']).toContain(flag);
  });
});

/** Flags of this command in its examples, without those of what it is piped into. */
function flagsIn(examples: string, words: readonly string[]): readonly string[] {
  return examples
    .split('\n')
    .flatMap((line) => line.split(/[|<>)]/))
    .filter((part) => part.includes(`tessera ${words.join(' ')}`))
    .flatMap((part) => part.slice(part.indexOf('tessera')).match(/(?<= )--[a-z-]+/g) ?? []);
}

describe('exit codes', () => {
  it.each([
    ['no command', [], 2],
    ['an unknown command', ['frobnicate'], 2],
    ['an unknown flag', ['realm', 'list', '--frob'], 2],
    ['a missing operand', ['realm', 'get'], 2],
    ['an operand too many', ['realm', 'list', 'x'], 2],
    ['a value that is none of the choices', ['realm', 'list', '-o', 'xml'], 2],
    ['a flag that has no meaning here', ['version', '--realm', 'alpha'], 2],
    ['no server', ['realm', 'list'], 2],
    ['nobody signed in', ['realm', 'list', '--server', 'http://localhost:1'], 4],
    ['an unknown context', ['realm', 'list', '--context', 'x'], 3],
    ['help', ['--help'], 0],
    ['version', ['version'], 0],
  ])('%s', async (_, commandLine, code) => {
    expect(await run(commandLine)).toMatchObject({ code });
  });

  it('a server that does not answer is 6', async () => {
    const environment = { TESSERA_CLI_TOKEN: 'x', TESSERA_CLI_SERVER: 'http://127.0.0.1:1' };
    const { code, output, errors } = await run(['realm', 'list'], { environment });
    expect({ code, output }).toEqual({ code: 6, output: '' });
    expect(errors.split('\n')).toEqual([
      expect.stringMatching(/^tessera: http:\/\/127.0.0.1:1 can not be reached \(.+\)$/),
      'Check that the server runs and that the address is right: tessera context list.',
      '',
    ]);
  });
});

describe('the contract', () => {
  it('every operation of the administration API has a command', () => {
    const missing = adminRoutes()
      .map(([name]) => name)
      .filter((name) => !SOURCES.includes(`'${name}'`));
    expect(missing).toEqual([]);
  });

  it('every flag that is made from it says what it means, and no words are left over', () => {
    // These have commands written by hand.
    const byHand = ['session', 'tokens', 'usage'];
    const members = adminRoutes()
      .filter(([, { tag }]) => !byHand.includes(tag))
      .flatMap(([, route]) => [...fieldsOf(route.body), ...fieldsOf(route.query)])
      .concat(fieldsOf(ADMIN_ROUTES.createApplication.body.shape.client.unwrap()))
      .filter(({ secret }) => !secret);
    const without = ['confirm', 'limit', 'owner', 'since', 'until'];
    const named = members.map(({ member }) => member).filter((name) => !without.includes(name));
    expect(new Set(Object.keys(FIELD_WORDS))).toEqual(new Set(named));
  });

  it('every flag that can be off says what that means, and no words are left over', () => {
    const members = adminRoutes()
      .flatMap(([, route]) => [...fieldsOf(route.body), ...fieldsOf(route.query)])
      .filter(({ kind, flag }) => kind === 'yes-no' && FLAGS.has(`--no-${flag}`))
      .map(({ member }) => member);
    expect(new Set(Object.keys(NO_WORDS))).toEqual(new Set(members));
  });

  it('every flag that takes something away says so', () => {
    const flags = LEAVES.flatMap(({ words, command }) =>
      command.options.filter(({ negate }) => negate).map((option) => ({ words, option })),
    );
    expect(flags.length).toBeGreaterThan(20);
    for (const { words, option } of flags) {
      const other = option.long?.replace('--no-', '--');
      const opposite = LEAVES.flatMap(({ command }) => command.options).find(
        ({ long }) => long === other,
      );
      const what = `${words.join(' ')} ${option.long}`;
      expect(option.description, what).toMatch(/^.{10,}$/);
      expect(option.description, what).not.toBe(opposite?.description);
    }
  });

  it('every number of it is known to be a length of time, an instant, or a count', () => {
    const numbers = adminRoutes()
      .flatMap(([, route]) => [...fieldsOf(route.body), ...fieldsOf(route.query)])
      .filter(({ kind }) => kind === 'number')
      .map(({ member }) => member);
    expect(new Set(numbers)).toEqual(
      new Set([
        ...['limit', 'since', 'until', 'usesMax', 'top', 'minutes', 'days', 'rsaKeyBitsMin'],
        ...['tokensPerHour', 'tokensPerDay', 'realmTokensPerHour', 'realmTokensPerDay'],
      ]),
    );
  });
});

const FOLDER = new URL('.', import.meta.url);
const SOURCES = readdirSync(FOLDER)
  .filter((name) => !name.includes('.test.'))
  .map((name) => readFileSync(new URL(name, FOLDER), 'utf8'))
  .join('');

describe('docs/cli.md', () => {
  const text = readFileSync(new URL('../../../../docs/cli.md', import.meta.url), 'utf8');

  it('lists every command and no other', () => {
    const listed = [...text.matchAll(/^\| `tessera ([a-z0-9 -]+?)(?: [<[].*?)?` \|/gm)].map(
      ([, name]) => name,
    );
    expect(new Set(listed)).toEqual(new Set(names));
    expect(listed).toHaveLength(new Set(listed).size);
  });

  it('gives the exit codes', () => {
    for (const [kind, code] of Object.entries(EXIT_CODES))
      expect(text).toContain(
        `| ${code} | ${EXIT_CODE_MEANINGS[kind as keyof typeof EXIT_CODES]} |`,
      );
  });

  it('names every variable that the command line reads', () => {
    const read = new Set(SOURCES.match(/TESSERA_CLI_[A-Z_]+/g));
    for (const variable of read) expect(text).toContain(`\`${variable}\``);
  });
});
