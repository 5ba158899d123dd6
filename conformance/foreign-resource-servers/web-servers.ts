/*
 * nginx and Apache as the documentation has them configured, with addresses of this run in place
 * of those there, and around it what a machine's own configuration would say.
 */
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Command } from './started-server.ts';
import type { Tokens } from './tokens.ts';

type Given = {
  /** Of this server alone. */
  readonly directory: string;
  readonly port: number;
  readonly upstream: number;
  readonly tokens: Tokens;
  /** Whom it believes, in PEM. */
  readonly authority: string;
};

function keepAuthority({ directory, authority }: Given): string {
  const file = join(directory, 'ca.pem');
  writeFileSync(file, authority);
  return file;
}

const DOCUMENTED_ISSUER = 'https://id.example.com/am/oauth2/realms/root/realms/alpha';

const readSample = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** The API behind a web server: it answers whom it was told the caller is. */
export async function startUpstream(): Promise<{ readonly port: number; close(): void }> {
  const server = createServer((request, response) => {
    response.setHeader('x-client-id', request.headers['x-client-id'] ?? '');
    response.end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export function nginxConfiguration(given: Given): Command {
  const { directory, port, upstream, tokens } = given;
  const { clientId, secret } = tokens.introspector;
  const credentials = Buffer.from(`${clientId}:${secret}`).toString('base64');
  writeFileSync(join(directory, 'introspect.js'), readSample('introspect.js'));
  const documented = readSample('nginx.conf')
    // It compares the names of a certificate, and addresses not at all.
    .replace(
      `proxy_pass ${DOCUMENTED_ISSUER}`,
      `proxy_ssl_name id.example.com; proxy_pass ${tokens.issuer}`,
    )
    .replace('/etc/nginx/introspect.js', join(directory, 'introspect.js'))
    .replace('/var/cache/nginx/tokens', join(directory, 'tokens'))
    .replace(/Basic \w+/, `Basic ${credentials}`)
    .replace('/etc/ssl/certs/ca-certificates.crt', keepAuthority(given))
    .replace('listen 8081', `listen 127.0.0.1:${port}`)
    .replace('127.0.0.1:9000', `127.0.0.1:${upstream}`);
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const temporary = kinds.map((kind) => `${kind}_temp_path ${join(directory, kind)};`);
  const file = join(directory, 'main.conf');
  writeFileSync(
    file,
    `load_module /usr/lib/nginx/modules/ngx_http_js_module.so;
pid ${join(directory, 'pid')};
error_log stderr;
daemon off;
worker_processes 1;
events {}
http {
  access_log off;
  ${temporary.join('\n  ')}
${documented}
}
`,
  );
  return { command: '/usr/sbin/nginx', parameters: ['-e', 'stderr', '-c', file] };
}

/** Modules that Debian has enabled, and those that the documentation enables. */
const MODULES = [
  'mpm_event',
  'authn_core',
  'authz_core',
  'authz_user',
  'headers',
  'proxy',
  'proxy_http',
  'rewrite',
];

export function apacheConfiguration(given: Given, sample: string): Command {
  const { directory, port, upstream, tokens } = given;
  const { clientId, secret } = tokens.introspector;
  const documented = readSample(`${sample}.conf`)
    .replaceAll(DOCUMENTED_ISSUER, tokens.issuer)
    .replaceAll('127.0.0.1:9000', `127.0.0.1:${upstream}`)
    .replace(/(OIDCOAuthClientID|client_id=)( ?)config-service/, `$1$2${clientId}`)
    .replace(/(OIDCOAuthClientSecret|client_secret=)( ?)secret/, `$1$2${secret}`);
  const used = sample.startsWith('apache-oauth2') ? 'oauth2' : 'auth_openidc';
  const modules = [...MODULES, used].map(
    (name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`,
  );
  const file = join(directory, 'main.conf');
  writeFileSync(
    file,
    `ServerRoot ${directory}
ServerName 127.0.0.1
DefaultRuntimeDir ${directory}
PidFile ${join(directory, 'pid')}
Listen 127.0.0.1:${port}
StartServers 1
ErrorLog /dev/stderr
LogLevel warn
${modules.join('\n')}
${used === 'auth_openidc' ? `OIDCCABundlePath ${keepAuthority(given)}` : ''}
${documented}
`,
  );
  return { command: '/usr/sbin/apache2', parameters: ['-D', 'FOREGROUND', '-f', file] };
}
