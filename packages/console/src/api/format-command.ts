/** What a form would send, as lines for a terminal. */
import { COMMANDS } from 'virtual:admin-commands';
import type { RouteName } from '@tessera/server/contract';
import { type Asked, describeRequest } from './call.ts';

const SECRETS: ReadonlySet<string> = new Set([
  'password',
  'secret',
  'currentPassword',
  'newPassword',
]);

const LINE_END = ' \\\n  ';

export function formatCurl<Name extends RouteName>(name: Name, asked: Asked<Name>): string {
  const { method, address } = describeRequest(name, asked);
  const lines = [
    `curl --request ${method} ${quote(`${window.location.origin}${address}`)}`,
    `--header "Authorization: Bearer $TESSERA_TOKEN"`,
  ];
  if (asked.revision !== undefined) lines.push(`--header 'If-Match: "${asked.revision}"'`);
  if (asked.body !== undefined)
    lines.push(
      `--header 'Content-Type: application/json'`,
      `--data ${quote(formatBody(asked.body))}`,
    );
  return lines.join(LINE_END);
}

/** Nothing: there is no command that is just this operation. */
export function formatCommand<Name extends RouteName>(
  name: Name,
  { params = {}, query = {}, body, revision }: Asked<Name>,
): string | undefined {
  const command = COMMANDS[name];
  if (command === undefined) return undefined;
  const { words, operands, bodyOperand, fields, takesFile } = command;
  const members: Record<string, unknown> = { ...body };
  const given = operands.map((operand) => quote(params[operand] ?? ''));
  if (bodyOperand !== undefined && typeof members[bodyOperand] === 'string') {
    given.push(quote(members[bodyOperand]));
    delete members[bodyOperand];
  }
  const lines = [['tessera', words, ...given].join(' ')];
  if (params['realm'] !== undefined && !operands.includes('realm'))
    lines.push(`--realm ${quote(params['realm'])}`);
  const flags = Object.entries({ ...query, ...members })
    .filter(([, value]) => value !== undefined)
    .map(([member, value]) => {
      if (SECRETS.has(member)) return [];
      const field = fields.find((one) => one.member === member);
      return field === undefined ? undefined : formatFlag(field, value);
    });
  if (revision !== undefined) lines.push(`--if-match ${revision}`);
  if (flags.every((one) => one !== undefined)) return [...lines, ...flags.flat()].join(LINE_END);
  // Members that have no flag of their own come in a file, and then all of them do.
  if (!takesFile) return undefined;
  return `${[...lines, "--file - <<'JSON'"].join(LINE_END)}\n${formatBody(members)}\nJSON`;
}

function formatFlag(
  { flag, kind }: { readonly flag: string; readonly kind: string },
  value: unknown,
): readonly string[] | undefined {
  if (value === null || (Array.isArray(value) && value.length === 0)) return [`--no-${flag}`];
  if (kind === 'yes-no') return [value === true || value === 'true' ? `--${flag}` : `--no-${flag}`];
  if (kind === 'texts' && Array.isArray(value))
    return value.map((item) => `--${flag} ${quote(String(item))}`);
  if (kind === 'instant' && typeof value === 'number')
    return [`--${flag} ${new Date(value * 1_000).toISOString()}`];
  return typeof value === 'string' || typeof value === 'number'
    ? [`--${flag} ${quote(String(value))}`]
    : undefined;
}

const formatBody = (body: unknown): string =>
  JSON.stringify(
    body,
    (key, value: unknown) => (SECRETS.has(key) && typeof value === 'string' ? '…' : value),
    2,
  );

/** One word of a shell, whatever is in it. POSIX.1-2017 §2.2.2 */
export const quote = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
