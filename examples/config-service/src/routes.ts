import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AcceptedToken, ResourceServer } from '@tessera/resource-server';
import { requireToken } from '@tessera/resource-server/node';
import type { ConfigurationStore } from './configuration-store.ts';
import { readConfiguration } from './read-configuration.ts';
import { describeRequestRefusal, type RequestRefusal } from './request-refusal.ts';

/**
 * Every path of the service. Whose configuration is meant is never asked: it is that of the client
 * the token was issued to, so no client can reach another's.
 */
export function routes(
  api: ResourceServer,
  store: ConfigurationStore,
  log: (line: string) => void,
): RequestListener {
  async function showConfiguration(
    _request: IncomingMessage,
    response: ServerResponse,
    token: AcceptedToken,
  ): Promise<void> {
    if (token.clientId === undefined) return refuse(response, 'token_without_client');
    answer(response, 200, await store.find(token.clientId));
  }

  async function replaceConfiguration(
    request: IncomingMessage,
    response: ServerResponse,
    token: AcceptedToken,
  ): Promise<void> {
    if (token.clientId === undefined) return refuse(response, 'token_without_client');
    const configuration = await readConfiguration(request);
    if (!configuration.ok) return refuse(response, configuration.refusal);
    await store.replace(token.clientId, configuration.value);
    answer(response, 200, configuration.value);
  }

  const show = requireToken(api, {}, showConfiguration);
  const replace = requireToken(api, { scope: 'write' }, replaceConfiguration);

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?', 1)[0];
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (path === '/health')
      return reads
        ? answer(response, 200, '{"status":"ok"}')
        : refuse(response, 'method_not_allowed', { allow: 'GET, HEAD' });
    if (path !== '/config') return refuse(response, 'path_unknown');
    if (reads) return show(request, response);
    if (request.method === 'PUT') return replace(request, response);
    return refuse(response, 'method_not_allowed', { allow: 'GET, HEAD, PUT' });
  }

  return (request, response) => {
    // An upload that was refused may still be under way, or its sender gone: neither is a fault.
    request.on('error', () => {});
    route(request, response).catch((fault: unknown) => {
      log(`the request could not be served: ${fault instanceof Error ? fault.message : 'fault'}`);
      if (response.headersSent) response.destroy();
      else answer(response, 500, '{"error":"server_error"}');
    });
  };
}

function refuse(
  response: ServerResponse,
  refusal: RequestRefusal,
  headers: Readonly<Record<string, string>> = {},
): void {
  const { status, body } = describeRequestRefusal(refusal);
  answer(response, status, JSON.stringify(body), headers);
}

function answer(
  response: ServerResponse,
  status: number,
  json: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(json),
      'cache-control': 'no-store',
      ...headers,
    })
    .end(json);
}
