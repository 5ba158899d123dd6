import { constants } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { answerUnreadable, refuseExpectation } from './unreadable.ts';

/** What every listener has, with TLS or without. */
export const LISTENER_OPTIONS = {
  maxHeaderSize: 16 * 1024,
  /** A slow sender is cut off: RFC 9110 §15.5.9. Milliseconds. */
  requestTimeout: 30_000,
  headersTimeout: 10_000,
  /** How often slow senders are looked for; Node.js does so every 30 s by itself. */
  connectionsCheckingInterval: 5_000,
  /** Connections are kept, RFC 9112 §9.3, longer than the 60 s of usual proxies. Milliseconds. */
  keepAliveTimeout: 72_000,
} as const;

/** In PEM: a certificate with those above it, and its key. */
export type TlsKeyPair = { readonly certificate: string; readonly key: string };

/** RFC 9325 §4.2: forward secrecy and authenticated encryption alone. */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/** RFC 9325 §3.1.1: TLS 1.2 and 1.3. A connection never becomes another caller's (RFC 9325 §3.5). */
export const describeTls = ({ certificate, key }: TlsKeyPair) => ({
  cert: certificate,
  key,
  minVersion: 'TLSv1.2' as const,
  ciphers: CIPHERS,
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
  handshakeTimeout: LISTENER_OPTIONS.headersTimeout,
});

/**
 * A second listener of the same application, which asks callers for their certificate. The first
 * never does: browsers would ask their users for one. RFC 8705 §5.
 *
 * Any certificate comes in and none is believed: what it proves is for client authentication to
 * say, in the words of OAuth, and a realm's authorities are not this server's. Sessions are not
 * resumed, because of a chain of certificates they remember the first alone.
 */
export async function listenForCertificates(
  app: FastifyInstance,
  keyPair: TlsKeyPair,
  place: { readonly host: string; readonly port: number },
) {
  await app.ready();
  const server = createServer(
    { ...LISTENER_OPTIONS, ...describeCertificateTls(keyPair) },
    (request, response) => app.routing(request, response),
  );
  server.on('clientError', (error, socket) => answerUnreadable(error, socket));
  server.on('checkExpectation', refuseExpectation);
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(place, listening);
  });
  return {
    url: addressOf(server),
    renew: (renewed: TlsKeyPair) => server.setSecureContext(describeCertificateTls(renewed)),
    async close(): Promise<void> {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeIdleConnections();
      await letGo(server, closed);
    },
  };
}

/** Between two looks for connections that have nothing in hand any more. Milliseconds. */
const LETTING_GO_INTERVAL = 50;

/**
 * Waits until a server has closed. Node looks for idle connections when it is told to close, and
 * never again: one with a request in hand at that moment would be kept for the next request, which
 * nobody will answer, and hold up the end.
 */
export async function letGo(
  server: { closeIdleConnections(): void },
  closed: PromiseLike<unknown>,
): Promise<void> {
  const letting = setInterval(() => server.closeIdleConnections(), LETTING_GO_INTERVAL);
  try {
    await closed;
  } finally {
    clearInterval(letting);
  }
}

function describeCertificateTls(keyPair: TlsKeyPair) {
  const tls = describeTls(keyPair);
  return {
    ...tls,
    secureOptions: tls.secureOptions | constants.SSL_OP_NO_TICKET,
    requestCert: true,
    rejectUnauthorized: false,
  };
}

function addressOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `https://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** New connections see the new certificate; those that are open stay as they are. */
export function renewKeyPair({ server }: FastifyInstance, keyPair: TlsKeyPair): void {
  if ('setSecureContext' in server)
    (server as unknown as Server).setSecureContext(describeTls(keyPair));
}
