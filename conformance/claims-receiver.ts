/*
 * A claims hook on this machine: it keeps what it was asked, and answers as it is told to.
 */
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export type HookRequest = {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly json: Readonly<Record<string, unknown>>;
};

export type ClaimsReceiver = Awaited<ReturnType<typeof startClaimsReceiver>>;

export const answerJson = (response: ServerResponse, document: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(document));
};

export async function startClaimsReceiver() {
  const requests: HookRequest[] = [];
  let answer = (response: ServerResponse, _asked: HookRequest): void =>
    answerJson(response, { claims: {} });
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const asked = {
      method: request.method ?? '',
      headers: request.headers,
      body,
      json: JSON.parse(body.toString('utf8')) as HookRequest['json'],
    };
    requests.push(asked);
    answer(response, asked);
  };
  const server = createServer((request, response) => void receive(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/claims`,
    requests,
    answerWith(next: (response: ServerResponse, asked: HookRequest) => void): void {
      answer = next;
      requests.length = 0;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
