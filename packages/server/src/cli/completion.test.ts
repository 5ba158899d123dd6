import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { run } from '../../test/terminal.ts';
import { SHELLS } from './completion.ts';

const scriptFor = async (shell: string): Promise<string> => {
  const { code, output } = await run(['completion', shell]);
  expect(code).toBe(0);
  return output;
};

/** What bash would offer after these words. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const script = `${await scriptFor('bash')}
COMP_WORDS=(tessera "$@"); COMP_CWORD=$#; _tessera; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const shell = spawnSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' });
  expect(shell.stderr).toBe('');
  return shell.stdout.trim().split('\n');
}

describe('bash', () => {
  it('completes commands, also of groups in groups', async () => {
    expect(await offered('cli')).toEqual(['client']);
    expect(await offered('client', 'sec')).toEqual(['secret']);
    expect(await offered('client', 'secret', 'r')).toEqual(['rotate', 'revoke']);
  });

  it('completes flags of the command and those that all have', async () => {
    expect(await offered('client', 'create', 'myClient', '--secret-')).toEqual([
      '--secret-label',
      '--secret-expires-in',
      '--secret-file',
    ]);
    expect(await offered('realm', 'list', '--ser')).toEqual(['--server']);
  });

  it('completes values that are one of a few', async () => {
    expect(await offered('realm', 'list', '--output', '')).toEqual([
      'table',
      'json',
      'yaml',
      'env',
    ]);
    expect(await offered('client', 'update', 'myClient', '--token-format', 'o')).toEqual([
      'opaque',
    ]);
  });
});

describe.each(SHELLS)('the script for %s', (shell) => {
  it('is one that the shell can read, where it is installed', async () => {
    const script = await scriptFor(shell);
    expect(script).toContain('rotate');
    const checked = spawnSync(shell, ['-n'], { input: script, encoding: 'utf8' });
    const absent = checked.error !== undefined && 'code' in checked.error;
    expect({ status: absent ? 0 : checked.status, told: checked.stderr ?? '' }).toEqual({
      status: 0,
      told: '',
    });
  });
});

it('another shell is a usage error', async () => {
  const { code, errors } = await run(['completion', 'tcsh']);
  expect({ code, errors }).toMatchObject({
    code: 2,
    errors: expect.stringContaining('one of bash, zsh, fish') as string,
  });
});
