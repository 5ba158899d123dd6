import { COMMANDS } from 'virtual:admin-commands';

/** The command for an operation with what it takes; undefined: there is none. */
export function describeCommand(operation: string): string | undefined {
  const command = COMMANDS[operation];
  if (command === undefined) return undefined;
  const { words, operands, bodyOperand, fields, takesFile } = command;
  const names = [...operands, ...(bodyOperand === undefined ? [] : [bodyOperand])];
  return [
    ['tessera', words, ...names.map((name) => `<${name}>`)].join(' '),
    ...fields.map(({ flag }) => `  [--${flag} …]`),
    ...(takesFile ? ['  [--file members.json]'] : []),
  ].join('\n');
}
