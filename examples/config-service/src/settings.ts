import type { Result } from '@tessera/resource-server';
import type { ConfigServiceOptions } from './index.ts';

/** Reads the environment of the process; all mistakes are told together. */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
): Result<ConfigServiceOptions, readonly string[]> {
  const problems: string[] = [];
  const read = (name: string): string | undefined =>
    environment[`CONFIG_SERVICE_${name}`] || undefined;
  const demand = (name: string, meaning: string): string => {
    const value = read(name);
    if (value === undefined) problems.push(`CONFIG_SERVICE_${name} is missing: ${meaning}`);
    return value ?? '';
  };

  const port = Number(read('PORT') ?? 8081);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    problems.push('CONFIG_SERVICE_PORT is not a port number');
  const settings = {
    port,
    host: read('HOST'),
    issuer: demand('ISSUER', 'the issuer of the tokens'),
    introspectionEndpoint: read('INTROSPECTION_ENDPOINT'),
    publicUrl: read('PUBLIC_URL'),
    audience: demand('AUDIENCE', 'what aud of a token has to name'),
    clientId: demand('CLIENT_ID', 'who this service is at the authorization server'),
    clientSecret: demand('CLIENT_SECRET', 'its secret there'),
    dataDir: read('DATA_DIR') ?? 'config-service-data',
  };
  if (problems.length > 0) return { ok: false, refusal: problems };
  return { ok: true, value: settings };
}
