import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createMcpHandler, originValidationResponse } from '@modelcontextprotocol/server';
import type { AcceptedToken, ResourceServer } from '@tessera/resource-server';
import { authInfoOf } from '@tessera/resource-server/mcp';
import { requireToken, resourceMetadata } from '@tessera/resource-server/node';
import { tools } from './tools.ts';
import { sendResponse, webRequest } from './web-exchange.ts';

/** Far more than any call of these tools needs. */
const BODY_BYTES_MAX = 64 * 1024;

/**
 * Every path of the server: the MCP endpoint, which takes good tokens alone, and the document that
 * tells callers where such tokens come from. RFC 9728 §2, §3.
 */
export function routes(
  api: ResourceServer,
  resource: string,
  log: (line: string) => void,
): RequestListener {
  const { origin, hostname, pathname } = new URL(resource);
  const answerMetadata = resourceMetadata(api);
  const mcp = createMcpHandler(tools(), { maxRequestBodySize: BODY_BYTES_MAX });

  /** The guard vouches for issuer, audience and time; each tool asks for its own scope. */
  async function answerMcp(
    request: IncomingMessage,
    response: ServerResponse,
    token: AcceptedToken,
  ): Promise<void> {
    // Notes are kept by client: who is nobody in particular has none.
    if (token.clientId === undefined) return void response.writeHead(403).end();
    const asked = webRequest(request, response, origin);
    // A page in a browser has no business here, whatever name it reached this machine by.
    const refused = originValidationResponse(asked, [hostname]);
    const authInfo = authInfoOf(api, token);
    await sendResponse(refused ?? (await mcp.fetch(asked, { authInfo })), response);
  }

  const answer = requireToken(api, {}, answerMcp);

  return (request, response) => {
    // Who breaks off, while sending or receiving, is no fault.
    request.on('error', () => {});
    const path = (request.url ?? '').split('?', 1)[0];
    if (answerMetadata(request, response)) return;
    if (path !== pathname) response.writeHead(404).end();
    else
      answer(request, response).catch((fault: unknown) => {
        if (response.destroyed) return;
        log(`the request could not be served: ${fault instanceof Error ? fault.message : 'fault'}`);
        if (response.headersSent) response.destroy();
        else response.writeHead(500).end();
      });
  };
}
