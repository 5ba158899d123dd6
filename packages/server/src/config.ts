import { ok, type Result, readNetwork, refuse } from '@tessera/protocol';
import { z } from 'zod';
import { FILE_VARIABLES, VARIABLES } from './variables.ts';

/**
 * What must be known before the database opens. Everything else is data of a realm.
 *
 * Strings in, a frozen value out, and every mistake at once.
 */
export type Config = {
  readonly publicUrl: string;
  readonly contextPath: string;
  /** Whether PingAM's and PingIDM's administration is served, and the name of its cookie. */
  readonly pingoneAdministration: boolean;
  readonly pingoneCookieName: string;
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
  /** TLS ends here; undefined, both: at a proxy, or nowhere on loopback. */
  readonly tlsCertificateFile: string | undefined;
  readonly tlsKeyFile: string | undefined;
  /** undefined: no listener asks for client certificates. */
  readonly mtlsPort: number | undefined;
  /** Where callers are asked for their certificate; undefined: where everybody else is served. */
  readonly mtlsUrl: string | undefined;
  /** The header in which trusted proxies tell the certificate; undefined: they tell none. */
  readonly clientCertificateHeader: string | undefined;
  readonly clientCertificateFormat: 'rfc9440' | 'url-encoded-pem' | 'base64-der' | 'xfcc';
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Seconds for which this node answers from memory while the database is away. */
  readonly staleAfter: number;
  /** Seconds for which traffic events are kept. */
  readonly trafficRetention: number;
  /** Seconds for which usage is kept. */
  readonly usageRetention: number;
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

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'a port number, 0 to 65535')
  .transform(Number)
  .refine((value) => value <= 65_535, 'a port number, 0 to 65535');

const secondsBetween = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, `seconds, ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `seconds, ${min} to ${max}`);

const secondsUpTo = (max: number) => secondsBetween(1, max);

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

const optionalText = z.string().transform((text) => (text.trim() === '' ? undefined : text.trim()));

const SCHEMA = z.object({
  publicUrl: z.string().superRefine((value, context) => {
    const problem = problemOfPublicUrl(value);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  }),
  contextPath: z
    .string()
    .regex(/^(?:\/[A-Za-z0-9._~-]+)*$/, 'a path such as /am, without a slash at the end'),
  pingoneAdministration: yesOrNo,
  pingoneCookieName: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'letters, digits, hyphens and underscores'),
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
  tlsCertificateFile: optionalText,
  tlsKeyFile: optionalText,
  mtlsPort: z.union([z.literal('').transform(() => undefined), port]),
  mtlsUrl: optionalText.superRefine((value, context) => {
    const problem = value === undefined ? undefined : problemOfUrl(value);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  }),
  clientCertificateHeader: optionalText.refine(
    (name) => name === undefined || /^[A-Za-z][A-Za-z0-9-]{0,63}$/.test(name),
    'the name of a header, letters, digits and hyphens: Client-Cert',
  ),
  clientCertificateFormat: z.enum(
    ['rfc9440', 'url-encoded-pem', 'base64-der', 'xfcc'],
    'rfc9440, url-encoded-pem, base64-der or xfcc',
  ),
  logLevel: z.enum(
    ['debug', 'info', 'warn', 'error', 'silent'],
    'debug, info, warn, error or silent',
  ),
  staleAfter: secondsUpTo(86_400),
  trafficRetention: secondsUpTo(10 * 365 * 86_400),
  usageRetention: secondsBetween(2 * 86_400, 10 * 365 * 86_400),
  bootstrapPassword: z
    .string()
    .transform((text) => (text === '' ? undefined : text.trim()))
    .refine((text) => text === undefined || text.length >= 12, 'at least 12 characters'),
  allowDemoSecrets: yesOrNo,
});

export function readConfig(
  strings: Readonly<Record<string, string | undefined>>,
): Result<Config, readonly ConfigProblem[]> {
  const keys = Object.keys(VARIABLES) as (keyof typeof VARIABLES & keyof Config)[];
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
  if (parsed.success)
    for (const [key, problem] of problemsTogether(parsed.data))
      problems.push({ variable: VARIABLES[key].name, problem });
  if (!parsed.success || problems.length > 0) return refuse(problems);
  const { databaseUrl, mtlsUrl, ...config } = parsed.data;
  return ok(
    Object.freeze({
      ...config,
      publicUrl: config.publicUrl.replace(/\/$/, ''),
      mtlsUrl: mtlsUrl?.replace(/\/$/, '') ?? mtlsUrlOf(config),
      databaseUrl: databaseUrl === '' ? `file:${config.dataDirectory}/tessera.db` : databaseUrl,
    }),
  );
}

type Problems = readonly (readonly [keyof Config, string])[];

/** What is right by itself and wrong together. */
function problemsTogether(config: z.output<typeof SCHEMA>): Problems {
  const { tlsCertificateFile, tlsKeyFile, mtlsPort, mtlsUrl, clientCertificateHeader } = config;
  const hasTls = tlsCertificateFile !== undefined && tlsKeyFile !== undefined;
  const rules: readonly (readonly [broken: boolean, keyof Config, string])[] = [
    [
      config.allowDemoSecrets && !isAlone(config),
      'allowDemoSecrets',
      'is for a public URL and a host on loopback, such as http://localhost:8080',
    ],
    [
      !hasTls && tlsKeyFile !== undefined,
      'tlsCertificateFile',
      'is required by TESSERA_TLS_KEY_FILE',
    ],
    [
      !hasTls && tlsCertificateFile !== undefined,
      'tlsKeyFile',
      'is required by TESSERA_TLS_CERTIFICATE_FILE',
    ],
    [
      hasTls && !config.publicUrl.startsWith('https:'),
      'publicUrl',
      'starts with https:// when this server has a TLS certificate',
    ],
    [
      mtlsPort !== undefined && !hasTls,
      'mtlsPort',
      'needs TESSERA_TLS_CERTIFICATE_FILE and TESSERA_TLS_KEY_FILE',
    ],
    [
      mtlsPort !== undefined && (mtlsPort === 0 || mtlsPort === config.port),
      'mtlsPort',
      'is a port of its own, 1 to 65535',
    ],
    [
      mtlsUrl !== undefined && mtlsPort === undefined && clientCertificateHeader === undefined,
      'mtlsUrl',
      'needs TESSERA_MTLS_PORT, or TESSERA_CLIENT_CERTIFICATE_HEADER',
    ],
    [
      clientCertificateHeader !== undefined && config.trustedProxies.length === 0,
      'clientCertificateHeader',
      'needs TESSERA_TRUSTED_PROXIES: from anybody else it would be a forgery',
    ],
  ];
  return rules.filter(([broken]) => broken).map(([, key, problem]) => [key, problem]);
}

function mtlsUrlOf({ publicUrl, mtlsPort }: { publicUrl: string; mtlsPort: number | undefined }) {
  return mtlsPort === undefined
    ? undefined
    : new URL(`https://${new URL(publicUrl).hostname}:${mtlsPort}`).origin;
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
  if (value.startsWith('http:') && URL.canParse(value))
    return isLoopback(value)
      ? problemOfUrl(value.replace('http:', 'https:'))
      : 'starts with https://: tokens and secrets travel over it (RFC 6749 §3.2)';
  return problemOfUrl(value);
}

function problemOfUrl(value: string): string | undefined {
  if (!URL.canParse(value)) return 'is no URL: https://id.example.com is one';
  const { protocol, pathname, search, hash, username } = new URL(value);
  if (pathname !== '/' || search !== '' || hash !== '' || username !== '')
    return 'has scheme and authority only; the path is TESSERA_CONTEXT_PATH';
  return protocol === 'https:' ? undefined : 'starts with https://';
}

const isLoopback = (publicUrl: string): boolean =>
  ['localhost', '127.0.0.1', '[::1]'].includes(new URL(publicUrl).hostname);

/** Reached from this machine alone. */
const isAlone = ({ publicUrl, host }: { publicUrl: string; host: string }): boolean =>
  isLoopback(publicUrl) && ['localhost', '127.0.0.1', '::1'].includes(host);
