/* frodo, the command line that teams script PingAM with, as it comes from npm. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { World } from '../world.ts';
import { signInToAm } from './am.ts';
import { callIdm } from './idm.ts';
import { jwksOf, newAccountKey } from './service-accounts.ts';

const FRODO = join(
  dirname(createRequire(import.meta.url).resolve('@rockcarver/frodo-cli/package.json')),
  'dist/launch.cjs',
);

/** It loads all of itself for every command; milliseconds. */
export const FRODO_TIMEOUT = 180_000;

export type Run = { readonly code: number; readonly out: string; readonly error: string };

export type Frodo = {
  /** Its home, and the folder of its files. */
  readonly home: string;
  /** Runs a command on a realm; without one, `[]`, where the command takes none. */
  run(words: readonly string[], realm?: readonly string[]): Promise<Run>;
  /** Runs words that say all themselves. */
  execute(words: readonly string[]): Promise<Run>;
  /** The options by which it signs in. */
  readonly signIn: readonly string[];
  /** A file that it wrote, without what differs from one export to the next of the same. */
  readFile(name: string): unknown;
  remove(): void;
};

type SignIn = { readonly options: readonly string[]; readonly arguments: readonly string[] };

async function openFrodo(
  world: World,
  signInFrom: (home: string) => SignIn | Promise<SignIn>,
): Promise<Frodo> {
  const home = mkdtempSync(join(tmpdir(), 'tessera-frodo-'));
  const signIn = await signInFrom(home);
  return {
    home,
    run: (words, realm = ['alpha']) => {
      const host = `${world.publicUrl}/am`;
      const login = ['--no-cache', ...signIn.options, host, ...realm, ...signIn.arguments];
      return execute(home, [...words, ...login]);
    },
    execute: (words) => execute(home, words),
    signIn: signIn.options,
    readFile: (name) =>
      JSON.parse(readFileSync(join(home, name), 'utf8'), (key, value: unknown) =>
        ['_rev', 'meta', 'exportDate', 'origin'].includes(key) ? undefined : value,
      ),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

const execute = (home: string, words: readonly string[]): Promise<Run> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [FRODO, ...words],
      { cwd: home, env: { PATH: process.env['PATH'], HOME: home, NO_COLOR: '1' } },
      (error, out, stderr) =>
        resolve({ code: Number(error?.code ?? 0), out, error: stderr.toString() }),
    );
  });

/** Signed in with a name and a password. */
export const openClassicFrodo = (world: World): Promise<Frodo> =>
  openFrodo(world, () => ({ options: ['-m', 'classic'], arguments: ['admin', world.password] }));

/** As a service account that may do all that one can. */
export const openAccountFrodo = (world: World): Promise<Frodo> =>
  openFrodo(world, async (home) => {
    const key = newAccountKey();
    const { tokenId } = await signInToAm(world);
    const idm = callIdm(world, { iPlanetDirectoryPro: tokenId });
    const { body } = await idm('POST', '/openidm/managed/svcacct?_action=create', {
      name: `frodo ${randomUUID()}`,
      description: '',
      accountStatus: 'active',
      scopes: ['fr:am:*', 'fr:idm:*'],
      jwks: jwksOf(key),
    });
    const file = join(home, 'account.jwk');
    const jwk = { ...key.privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' };
    writeFileSync(file, JSON.stringify(jwk), { mode: 0o600 });
    return { options: ['--sa-id', body._id, '--sa-jwk-file', file], arguments: [] };
  });
