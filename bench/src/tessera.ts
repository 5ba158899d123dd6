import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OptionMistaken } from './options.ts';
import { seedTessera } from './seed-tessera.ts';
import { startServer } from './server-process.ts';
import { ISSUER, PUBLIC_URL, REALM_PATH } from './setting.ts';
import type { Subject } from './subject.ts';

const PROGRAM = fileURLToPath(new URL('../../packages/server/bin/tessera.js', import.meta.url));

/**
 * Tessera as it runs in production, on a database of its own in `directory`, with everything on:
 * limits, events, metrics, durable writes.
 */
export async function createTessera(directory: string, manyClients = 0): Promise<Subject> {
  if (!existsSync(PROGRAM))
    throw new OptionMistaken(
      `${PROGRAM} does not exist; to measure without it: --subjects floor,oidc-provider`,
    );
  const dataDirectory = join(directory, 'tessera');
  mkdirSync(dataDirectory, { recursive: true });
  const bootstrapPassword = randomBytes(24).toString('base64url');
  const start: Subject['start'] = (core, nodeOptions) =>
    startServer({
      args: [...nodeOptions, PROGRAM, 'serve'],
      environment: {
        TESSERA_PUBLIC_URL: PUBLIC_URL,
        TESSERA_DATA_DIR: dataDirectory,
        TESSERA_PORT: '0',
        TESSERA_MANAGEMENT_PORT: '0',
        TESSERA_BOOTSTRAP_PASSWORD: bootstrapPassword,
      },
      core,
      logFile: join(directory, 'tessera.log'),
    });
  const accounts = await seedTessera({ start, dataDirectory, bootstrapPassword, manyClients });
  return {
    name: 'tessera',
    paths: {
      token: `${REALM_PATH}/access_token`,
      tokenToIntrospect: `${REALM_PATH}/access_token`,
      introspection: `${REALM_PATH}/introspect`,
      jwks: `${REALM_PATH}/connect/jwk_uri`,
    },
    accounts,
    introspectsJwt: true,
    proofTarget: () => `${ISSUER}/access_token`,
    start,
  };
}
