/*
 * A proxy in front of the server, as nginx and HAProxy are set up: TLS ends here, every client is
 * asked for its certificate, and the header with it is replaced in every request.
 */
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** All in PEM. */
export type Identity = { readonly certificate: string; readonly key: string };

export type TlsAnswer = { readonly status: number; readonly json: unknown };

/** Asks with a certificate, or without; a handshake that fails rejects. */
export function askOverTls(
  port: number,
  ca: string,
  identity: Identity | undefined,
  {
    path,
    body,
    headers = {},
    method = 'POST',
  }: {
    readonly path: string;
    readonly body?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly method?: string;
  },
): Promise<TlsAnswer> {
  const agent = new Agent({
    ca,
    ...(identity !== undefined && { cert: identity.certificate, key: identity.key }),
  });
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method,
        agent,
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        incoming.on('end', () => {
          agent.destroy();
          resolve({ status: incoming.statusCode ?? 0, json: JSON.parse(text) as unknown });
        });
      },
    );
    sent.on('error', reject).end(body);
  });
}

export type CertificateProxy = { readonly port: number; close(): void };

/** Tells the certificate and its chain as RFC 9440 §2.2 and §2.3 have it. */
export async function openCertificateProxy(
  own: Identity,
  target: () => number,
): Promise<CertificateProxy> {
  const forward = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const told = describe(incoming.socket as TLSSocket);
    const kept = Object.entries(incoming.headers).filter(
      ([name]) => !name.startsWith('client-cert') && name !== 'connection',
    );
    const onward = httpRequest(
      {
        host: '127.0.0.1',
        port: target(),
        path: incoming.url,
        method: incoming.method,
        headers: { ...Object.fromEntries(kept), ...told },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  };
  const server = createServer(
    { cert: own.certificate, key: own.key, requestCert: true, rejectUnauthorized: false },
    forward,
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const byteSequence = (der: Buffer): string => `:${der.toString('base64')}:`;

function describe(socket: TLSSocket): Record<string, string> {
  let below = socket.getPeerCertificate(true);
  if (below?.raw === undefined) return {};
  const told: Record<string, string> = { 'client-cert': byteSequence(below.raw) };
  const chain: string[] = [];
  while (below.issuerCertificate?.raw !== undefined && below.issuerCertificate !== below) {
    below = below.issuerCertificate;
    chain.push(byteSequence(below.raw));
  }
  return chain.length === 0 ? told : { ...told, 'client-cert-chain': chain.join(', ') };
}
