import type { Result } from '@tessera/resource-server';
import type { McpServerOptions } from './index.ts';

/** Reads the environment of the process; all mistakes are told together. */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
): Result<McpServerOptions, readonly string[]> {
  const problems: string[] = [];
  const read = (name: string): string | undefined => environment[`MCP_SERVER_${name}`] || undefined;
  const demand = (name: string, meaning: string): string => {
    const value = read(name);
    if (value === undefined) problems.push(`MCP_SERVER_${name} is missing: ${meaning}`);
    return value ?? '';
  };

  const port = Number(read('PORT') ?? 8082);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    problems.push('MCP_SERVER_PORT is not a port number');
  const resource = read('RESOURCE');
  if (resource !== undefined && !isResource(resource))
    problems.push('MCP_SERVER_RESOURCE is not the address of this server as its clients see it');
  const settings = {
    port,
    host: read('HOST'),
    resource,
    issuer: demand('ISSUER', 'the issuer of the tokens'),
    clientId: demand('CLIENT_ID', 'who this server is at the authorization server'),
    clientSecret: demand('CLIENT_SECRET', 'its secret there'),
  };
  return problems.length > 0 ? { ok: false, refusal: problems } : { ok: true, value: settings };
}

/** "It MUST NOT include a fragment component" (RFC 8707 §2), and this server has no query. */
const isResource = (text: string): boolean =>
  /^https?:\/\/[^?#]+$/.test(text) && URL.canParse(text);
