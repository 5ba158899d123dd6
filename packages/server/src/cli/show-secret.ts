import { Option } from 'commander';
import type { Invocation } from './command.ts';
import { isRecord } from './output.ts';
import { writePrivateFile } from './secret-files.ts';

/** Where a secret goes that was just made. */
export const SECRET_FILE_OPTION = new Option(
  '--secret-file <path>',
  'write the new secret to a file for you alone instead of printing it',
);

/**
 * Prints an answer with a secret that nobody can ever see again: to the file that was named, else
 * with the answer and a clear word about it.
 *
 * `at`: the way to the member with the secret. `name`: what a table or an environment calls it.
 */
export function showSecret(
  invocation: Invocation,
  answer: unknown,
  at: readonly string[],
  name: string,
): void {
  const { flags, note, report } = invocation;
  const secret = memberAt(answer, at);
  const path = flags['secretFile'];
  const output = flags.output ?? 'table';
  const forPrograms = output === 'json' || output === 'yaml';
  if (typeof secret !== 'string') {
    report(forPrograms ? answer : brief(answer, at, {}));
    return;
  }
  if (typeof path === 'string') {
    writePrivateFile(path, `${secret}\n`);
    const hidden = replaceAt(answer, at, undefined);
    report(
      forPrograms && isRecord(hidden)
        ? { ...hidden, secretFile: path }
        : brief(hidden, at, { secretFile: path }),
    );
    note(`It is in ${path}, readable for you alone, and is never shown again.`);
    return;
  }
  report(forPrograms ? answer : brief(answer, at, { [name]: secret }));
  note('This is the only time that it is shown: store it now.');
}

function memberAt(value: unknown, at: readonly string[]): unknown {
  let found = value;
  for (const name of at) found = isRecord(found) ? found[name] : undefined;
  return found;
}

function replaceAt(value: unknown, [name, ...rest]: readonly string[], by: unknown): unknown {
  if (name === undefined || !isRecord(value)) return by;
  const { [name]: member, ...others } = value;
  const replaced = replaceAt(member, rest, by);
  return replaced === undefined ? others : { ...others, [name]: replaced };
}

/** One level of members: what holds the secret is told in other words. */
function brief(
  answer: unknown,
  [first]: readonly string[],
  told: Readonly<Record<string, string>>,
): unknown {
  if (!isRecord(answer)) return answer;
  const flat = Object.entries(answer).filter(
    ([name, member]) => name !== first && name !== 'replaced' && !isRecord(member),
  );
  const holder = first === undefined ? undefined : answer[first];
  const expiresAt = isRecord(holder) ? { secretExpiresAt: holder['expiresAt'] } : {};
  return { ...Object.fromEntries(flat), ...expiresAt, ...told };
}
