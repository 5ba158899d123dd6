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
  pingoneAdministration: {
    name: 'TESSERA_PINGONE_ADMINISTRATION',
    default: 'true',
    description:
      "false: the administration of PingAM and PingIDM, below /json of the context path and below /openidm, is not there. It does nothing that the administration API doesn't.",
  },
  pingoneCookieName: {
    name: 'TESSERA_PINGONE_COOKIE_NAME',
    default: 'iPlanetDirectoryPro',
    description:
      "Name of the cookie, or header, in which PingAM's clients send their session: some have one built in.",
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
      'Private addresses or networks from which key sets and other documents may be fetched, separated by commas; there also over http and from any port, and for whoever may name a jwks_uri, clients that register themselves among them. Empty: only https to public addresses. Certificates of an authority of your own: NODE_EXTRA_CA_CERTS.',
  },
  tlsCertificateFile: {
    name: 'TESSERA_TLS_CERTIFICATE_FILE',
    default: '',
    description:
      'PEM file with the certificate of this server and those above it. Empty: no TLS here, but at a proxy. Read again when it changes.',
  },
  tlsKeyFile: {
    name: 'TESSERA_TLS_KEY_FILE',
    default: '',
    description: 'PEM file with the key of that certificate.',
  },
  mtlsPort: {
    name: 'TESSERA_MTLS_PORT',
    default: '',
    description:
      'Port of a second listener, which asks for client certificates (RFC 8705). Needs a TLS certificate. Empty: none.',
  },
  mtlsUrl: {
    name: 'TESSERA_MTLS_URL',
    default: '',
    description:
      'Where clients with a certificate reach this server: published as mtls_endpoint_aliases. Empty: the host of the public URL at TESSERA_MTLS_PORT, or the public URL itself.',
  },
  clientCertificateHeader: {
    name: 'TESSERA_CLIENT_CERTIFICATE_HEADER',
    default: '',
    description:
      'Header in which the proxies of TESSERA_TRUSTED_PROXIES, and they alone, tell the certificate of the client, for example Client-Cert. Empty: none.',
  },
  clientCertificateFormat: {
    name: 'TESSERA_CLIENT_CERTIFICATE_FORMAT',
    default: 'rfc9440',
    description: 'How it is written there: rfc9440, url-encoded-pem, base64-der or xfcc.',
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
  usageRetention: {
    name: 'TESSERA_USAGE_RETENTION',
    default: '3024000',
    description:
      'Seconds for which it is kept how many tokens each client was issued in each hour; two days at least, as quotas of a day are counted from it.',
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
} as const satisfies Readonly<Record<string, Variable>>;

/** Secrets may be given as the name of a file instead, in a variable that ends in `_FILE`. */
export const FILE_VARIABLES = [
  'TESSERA_MASTER_KEY',
  'TESSERA_DATABASE_URL',
  'TESSERA_BOOTSTRAP_PASSWORD',
] as const;
