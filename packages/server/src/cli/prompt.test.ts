import { describe, expect, it } from 'vitest';
import { makeTerminal } from '../../test/terminal.ts';
import { CommandFailure } from './command-failure.ts';
import { ask, confirmByName } from './prompt.ts';
import { readSecret } from './secret-files.ts';

const question = { text: 'Password', instead: '--password-file PATH', echo: false };

describe('a question', () => {
  it('goes to standard error, and what is typed shows nowhere', async () => {
    const terminal = makeTerminal();
    const answer = ask(terminal, question);
    terminal.type('hunt\u007fter2\r');
    expect(await answer).toBe('hunter2');
    expect(terminal.written).toEqual({ output: '', errors: 'Password: \n' });
  });

  it('is not asked where nobody can answer: the flag is named instead', async () => {
    const asking = ask(makeTerminal({ input: 'hunter2\n' }), question);
    await expect(asking).rejects.toMatchObject({
      kind: 'usage',
      remedy: 'Use --password-file PATH.',
    });
  });

  it.each(['\u0003', '\u0004'])('ends with Ctrl-C and Ctrl-D (%j)', async (key) => {
    const terminal = makeTerminal();
    const answer = ask(terminal, question);
    terminal.type(key);
    await expect(answer).rejects.toThrow('cancelled');
  });
});

describe('what cannot be undone', () => {
  const confirm = (terminal: ReturnType<typeof makeTerminal>, yes?: boolean) =>
    confirmByName(terminal, 'Realm alpha is deleted.', 'alpha', yes);

  it('is done when the name is typed', async () => {
    const terminal = makeTerminal();
    const confirmed = confirm(terminal);
    terminal.type('alpha\n');
    await expect(confirmed).resolves.toBeUndefined();
  });

  it('is not done for another name', async () => {
    const terminal = makeTerminal();
    const confirmed = confirm(terminal);
    terminal.type('yes\n');
    await expect(confirmed).rejects.toThrow('that is another name');
  });

  it('takes --yes where nobody can type', async () => {
    const terminal = makeTerminal({ input: '' });
    await expect(confirm(terminal)).rejects.toThrow(CommandFailure);
    await expect(confirm(terminal, true)).resolves.toBeUndefined();
  });
});

describe('a secret', () => {
  const source = { file: undefined, question: 'Secret', flag: '--client-secret-file' };

  it('comes from standard input without the line break at its end', async () => {
    const terminal = makeTerminal({ input: ' s3cret \n' });
    expect(await readSecret(terminal, { ...source, file: '-' })).toBe(' s3cret ');
  });

  it('comes from the environment before anybody is asked', async () => {
    const terminal = makeTerminal({ environment: { TESSERA_CLI_CLIENT_SECRET: 's3cret' } });
    const variable = 'TESSERA_CLI_CLIENT_SECRET';
    expect(await readSecret(terminal, { ...source, variable })).toBe('s3cret');
  });

  it('is not empty', async () => {
    const reading = readSecret(makeTerminal({ input: '\n' }), { ...source, file: '-' });
    await expect(reading).rejects.toThrow('nothing was given');
  });
});
