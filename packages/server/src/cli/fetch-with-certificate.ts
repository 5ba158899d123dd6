import { request as requestPlain } from 'node:http';
import { request } from 'node:https';
import type { Fetch } from '@tessera/client';

/** What a connection shows of its owner. PEM. */
export type ShownCertificate = {
  readonly cert: string;
  readonly key: string;
  /** Instead of the authorities of Node: who answers for the server. */
  readonly ca?: string;
};

/**
 * A `fetch` whose connections show a certificate, which the platform's own can not. Servers are
 * believed as everywhere: by the authorities of Node and NODE_EXTRA_CA_CERTS.
 */
export const fetchWithCertificate =
  (shown: ShownCertificate): Fetch =>
  (address, init) =>
    new Promise((resolve, reject) => {
      const secure = address.startsWith('https:');
      const options = {
        method: init.method ?? 'GET',
        headers: Object.fromEntries(new Headers(init.headers)),
        agent: false,
        ...(init.signal != null && { signal: init.signal }),
      } as const;
      const sent = secure
        ? request(address, { ...options, ...shown })
        : requestPlain(address, options);
      sent.on('error', reject);
      sent.on('response', (response) => {
        const headers = new Headers();
        for (const [name, values] of Object.entries(response.headersDistinct))
          for (const value of values ?? []) headers.append(name, value);
        const status = response.statusCode ?? 0;
        const chunks: Buffer[] = [];
        response.on('error', reject);
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const body = status === 204 || status === 304 ? null : Buffer.concat(chunks);
          resolve(new Response(body, { status, headers }));
        });
      });
      sent.end(typeof init.body === 'string' ? init.body : undefined);
    });
