import type { Authentication, Exchange, Sent } from './exchange.ts';

/** A request as HTTP writes it; what proves the client is shown only where somebody asked for it. */
export function formatRequest({ method, address, headers, form }: Sent, shown: boolean): string {
  const { pathname, host } = new URL(address);
  return [
    `${method} ${pathname} HTTP/1.1`,
    `Host: ${host}`,
    ...headers.map(
      ([name, value]) =>
        `${name}: ${!shown && value.startsWith('Basic ') ? `Basic ${DOTS}` : value}`,
    ),
    '',
    ...form.map(
      ([name, value], index) =>
        `${index === 0 ? '' : '&'}${name}=${!shown && name === 'client_secret' ? DOTS : encodeURIComponent(value)}`,
    ),
  ]
    .join('\n')
    .trimEnd();
}

const DOTS = '••••••••';

export function formatResponse({ status, headers, body, value }: Exchange): string {
  return [
    `HTTP/1.1 ${status} ${STATUS_TEXTS[status] ?? ''}`.trimEnd(),
    ...headers.map(([name, text]) => `${name}: ${text}`),
    '',
    value === undefined ? body : JSON.stringify(value, undefined, 2),
  ].join('\n');
}

const STATUS_TEXTS: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** The same in a terminal; the secret and the token come from the environment. */
export function formatCurl({ method, address, headers, form }: Sent, clientId: string): string {
  const lines = [`curl --request ${method} ${quote(address)}`];
  for (const [name, value] of headers) {
    if (name === 'Content-Type' || name === 'Accept') continue;
    if (value.startsWith('Basic ')) lines.push(`--user "${inQuotes(clientId)}:$CLIENT_SECRET"`);
    else if (name === 'Authorization')
      lines.push(`--header "Authorization: ${value.split(' ')[0]} $ACCESS_TOKEN"`);
    else lines.push(`--header ${quote(`${name}: ${value}`)}`);
  }
  for (const [name, value] of form)
    lines.push(
      name === 'client_secret'
        ? `--data-urlencode "client_secret=$CLIENT_SECRET"`
        : name === 'token'
          ? `--data-urlencode "token=$ACCESS_TOKEN"`
          : `--data-urlencode ${quote(`${name}=${value}`)}`,
    );
  return lines.join(' \\\n  ');
}

/** The same with the command line, which makes a new assertion and proof for each request. */
export function formatTessera({
  issuer,
  clientId,
  method,
  bound,
  scopes,
  resource,
}: {
  readonly issuer: string;
  readonly clientId: string;
  readonly method: Authentication['method'];
  readonly bound: boolean;
  readonly scopes: readonly string[];
  readonly resource: string;
}): string {
  return [
    `tessera token get --issuer ${quote(issuer)}`,
    `--client-id ${quote(clientId)}`,
    ...FLAGS[method],
    ...(bound ? ['--dpop'] : []),
    ...scopes.map((scope) => `--scope ${quote(scope)}`),
    ...(resource === '' ? [] : [`--resource ${quote(resource)}`]),
  ].join(' \\\n  ');
}

const FLAGS: Readonly<Record<Authentication['method'], readonly string[]>> = {
  client_secret_basic: [],
  client_secret_post: ['--auth-method client_secret_post'],
  private_key_jwt: ['--private-key-jwt', '--key-file key.pem'],
};

const quote = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** Inside double quotes. POSIX.1-2017 §2.2.3 */
const inQuotes = (text: string): string => text.replaceAll(/["$`\\]/g, '\\$&');
