import { ok, type Result, readNetwork, refuse } from '@tessera/protocol';
import { z } from 'zod';

/**
 * What must be known before the database opens. Everything else is data of a realm.
 *
 * Strings in, a frozen value out, and every mistake at once.
 */
export type Config = {
  readonly publicUrl: string;
  readonly contextPath: string;
  readonly host: string;
  readonly port: number;
  readonly managementHost: string;
  /** undefined: no metrics are served. */
  readonly managementPort: number | undefined;
  readonly dataDirectory: string;
  readonly databaseUrl: string;
  readonly autoMigrate: boolean;
  /** 32 bytes; undefined: read from, or made in, the data directory. */
  readonly masterKey: Buffer | undefined;
  readonly trustedProxies: readonly string[];
  /** Addresses and networks that are asked although they are not of the public internet. */
  readonly outboundAllow: readonly string[];
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Seconds for which this node answers from memory while the database is away. */
  readonly staleAfter: number;
  /** Seconds for which traffic events are kept. */
  readonly trafficRetention: number;
  /** The first administrator's password; undefined: one is made. */
  readonly bootstrapPassword: string | undefined;
  /** Whether secrets that documentation prints are believed. */
  readonly allowDemoSecrets: boolean;
};

export type ConfigProblem = {
  readonly variable: string;
  /** What is wrong and what would be right. Never the value: it may be a secret. */
  readonly problem: string;
};

type Variable = {
  readonly name: string;
  readonly default: string;
  readonly description: string;
};

/** Every variable, once: read from here, documented from here. */
export const VARIABLES = {
  publicUrl: {
    name: 'TESSERA_PUBLIC_URL',
    default: '',
    description:
      'Where clients reach this server: scheme and authority, for example https://id.example.com. Issuers and every advertised address start with it. Required by serve.',
  },
  contextPath: {
    name: 'TESSERA_CONTEXT_PATH',
    default: '/am',
    description: 'The path before /oauth2, as in PingAM.',
  },
  host: {
    name: 'TESSERA_HOST',
    default: '127.0.0.1',
    description: 'Address to listen on. Loopback unless you say otherwise.',
  },
  port: { name: 'TESSERA_PORT', default: '8080', description: 'Port to listen on; 0: any free.' },
  managementHost: {
    name: 'TESSERA_MANAGEMENT_HOST',
    default: '127.0.0.1',
    description: 'Address for /metrics and health.',
  },
  managementPort: {
    name: 'TESSERA_MANAGEMENT_PORT',
    default: '',
    description: 'Port for /metrics and health; empty: no metrics are served.',
  },
  dataDirectory: {
    name: 'TESSERA_DATA_DIR',
    default: './data',
    description: 'Directory of the SQLite database and the master key.',
  },
  databaseUrl: {
    name: 'TESSERA_DATABASE_URL',
    default: '',
    description:
      'file:PATH or postgres://…; empty: tessera.db in the data directory. A password may be given in TESSERA_DATABASE_URL_FILE.',
  },
  autoMigrate: {
    name: 'TESSERA_AUTO_MIGRATE',
    default: 'true',
    description: 'Bring the schema up to date at start. false: run `tessera db migrate` yourself.',
  },
  masterKey: {
    name: 'TESSERA_MASTER_KEY',
    default: '',
    description:
      '32 random bytes in base64 (openssl rand -base64 32). Seals signing keys and peppers secrets: the same on every node, and never lost. Empty: master.key in the data directory, made at the first start.',
  },
  trustedProxies: {
    name: 'TESSERA_TRUSTED_PROXIES',
    default: '',
    description: 'Addresses or networks whose X-Forwarded-For is believed, separated by commas.',
  },
  outboundAllow: {
    name: 'TESSERA_OUTBOUND_ALLOW',
    default: '',
    description:
      'Private addresses or networks from which key sets and other documents may be fetched, separated by commas; there also over http and from any port. Empty: only https to public addresses. Certificates of an authority of your own: NODE_EXTRA_CA_CERTS.',
  },
  logLevel: {
    name: 'TESSERA_LOG_LEVEL',
    default: 'info',
    description: 'debug, info, warn, error or silent.',
  },
  staleAfter: {
    name: 'TESSERA_STALE_AFTER',
    default: '300',
    description: 'Seconds for which cached clients still get JWTs while the database is away.',
  },
  trafficRetention: {
    name: 'TESSERA_TRAFFIC_RETENTION',
    default: '2592000',
    description:
      'Seconds for which events of traffic are kept: token.issued, token.refused, sign-in.refused and the like.',
  },
  bootstrapPassword: {
    name: 'TESSERA_BOOTSTRAP_PASSWORD',
    default: '',
    description:
      'One-time password of the first administrator, `admin`. Empty: one is made and written to bootstrap-password in the data directory.',
  },
  allowDemoSecrets: {
    name: 'TESSERA_ALLOW_DEMO_SECRETS',
    default: 'false',
    description:
      'true: believe secrets that documentation prints, such as forgerock. Only with public URL and host on loopback: for demonstrations and tests.',
  },
} as const satisfies Record<keyof Config, Variable>;

/** Secrets may be given as the name of a file instead, in a variable that ends in `_FILE`. */
export const FILE_VARIABLES = [
  'TESSERA_MASTER_KEY',
  'TESSERA_DATABASE_URL',
  'TESSERA_BOOTSTRAP_PASSWORD',
] as const;

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'a port number, 0 to 65535')
  .transform(Number)
  .refine((value) => value <= 65_535, 'a port number, 0 to 65535');

const secondsUpTo = (max: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, `seconds, 1 to ${max}`)
    .transform(Number)
    .refine((value) => value >= 1 && value <= max, `seconds, 1 to ${max}`);

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== ''),
);

const networks = list.refine(
  (all) => all.every((one) => readNetwork(one) !== undefined),
  'addresses or networks such as 10.0.0.0/8, separated by commas',
);

const yesOrNo = z.enum(['true', 'false'], 'true or false').transform((value) => value === 'true');

const SCHEMA = z.object({
  publicUrl: z.string().superRefine((value, context) => {
    const problem = problemOfPublicUrl(value);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  }),
  contextPath: z
    .string()
    .regex(/^(?:\/[A-Za-z0-9._~-]+)*$/, 'a path such as /am, without a slash at the end'),
  host: z.string().min(1, 'an address such as 127.0.0.1 or 0.0.0.0'),
  port,
  managementHost: z.string().min(1, 'an address such as 127.0.0.1'),
  managementPort: z.union([z.literal('').transform(() => undefined), port]),
  dataDirectory: z.string().min(1, 'a directory'),
  databaseUrl: z
    .string()
    .regex(/^(?:|file:.+|postgres(?:ql)?:\/\/.+)$/, 'file:PATH or postgres://user@host/database'),
  autoMigrate: yesOrNo,
  masterKey: z.string().transform((text, context) => {
    if (text === '') return undefined;
    const bytes = Buffer.from(text.trim(), 'base64');
    if (bytes.length === 32) return bytes;
    context.addIssue({ code: 'custom', message: '32 bytes in base64: openssl rand -base64 32' });
    return z.NEVER;
  }),
  trustedProxies: networks,
  outboundAllow: networks,
  logLevel: z.enum(
    ['debug', 'info', 'warn', 'error', 'silent'],
    'debug, info, warn, error or silent',
  ),
  staleAfter: secondsUpTo(86_400),
  trafficRetention: secondsUpTo(10 * 365 * 86_400),
  bootstrapPassword: z
    .string()
    .transform((text) => (text === '' ? undefined : text.trim()))
    .refine((text) => text === undefined || text.length >= 12, 'at least 12 characters'),
  allowDemoSecrets: yesOrNo,
});

export function readConfig(
  strings: Readonly<Record<string, string | undefined>>,
): Result<Config, readonly ConfigProblem[]> {
  const keys = Object.keys(VARIABLES) as (keyof typeof VARIABLES)[];
  const given = Object.fromEntries(
    keys.map((key) => [key, strings[VARIABLES[key].name] ?? VARIABLES[key].default]),
  );
  const parsed = SCHEMA.safeParse(given);
  const problems: ConfigProblem[] = unknownVariables(strings);
  if (!parsed.success)
    for (const issue of parsed.error.issues) {
      const key = issue.path[0] as keyof typeof VARIABLES;
      problems.push({ variable: VARIABLES[key].name, problem: issue.message });
    }
  if (parsed.success && parsed.data.allowDemoSecrets && !isAlone(parsed.data))
    problems.push({
      variable: VARIABLES.allowDemoSecrets.name,
      problem: 'is for a public URL and a host on loopback, such as http://localhost:8080',
    });
  if (!parsed.success || problems.length > 0) return refuse(problems);
  const { databaseUrl, ...config } = parsed.data;
  return ok(
    Object.freeze({
      ...config,
      publicUrl: config.publicUrl.replace(/\/$/, ''),
      databaseUrl: databaseUrl === '' ? `file:${config.dataDirectory}/tessera.db` : databaseUrl,
    }),
  );
}

/** A misspelt variable would silently be its default. */
function unknownVariables(strings: Readonly<Record<string, string | undefined>>): ConfigProblem[] {
  const known = new Set<string>([
    ...Object.values(VARIABLES).map(({ name }) => name),
    ...FILE_VARIABLES.map((name) => `${name}_FILE`),
  ]);
  return Object.keys(strings)
    .filter((name) => name.startsWith('TESSERA_') && !known.has(name) && !isCliVariable(name))
    .map((variable) => ({ variable, problem: 'is not a setting of this server' }));
}

/** Variables of the command line's own, and of tests. */
const isCliVariable = (name: string): boolean => /^TESSERA_(?:CLI|TEST|BENCH)_/.test(name);

function problemOfPublicUrl(value: string): string | undefined {
  if (value === '')
    return 'is required: the address at which clients reach this server, such as https://id.example.com';
  if (!URL.canParse(value)) return 'is no URL: https://id.example.com is one';
  const { protocol, pathname, search, hash, username } = new URL(value);
  if (pathname !== '/' || search !== '' || hash !== '' || username !== '')
    return 'has scheme and authority only; the path is TESSERA_CONTEXT_PATH';
  if (protocol === 'https:') return undefined;
  if (protocol !== 'http:') return 'starts with https://';
  return isLoopback(value)
    ? undefined
    : 'starts with https://: tokens and secrets travel over it (RFC 6749 §3.2)';
}

const isLoopback = (publicUrl: string): boolean =>
  ['localhost', '127.0.0.1', '[::1]'].includes(new URL(publicUrl).hostname);

/** Reached from this machine alone. */
const isAlone = ({ publicUrl, host }: { publicUrl: string; host: string }): boolean =>
  isLoopback(publicUrl) && ['localhost', '127.0.0.1', '::1'].includes(host);
