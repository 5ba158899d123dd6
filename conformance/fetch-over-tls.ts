/* What libraries that let somebody else fetch need: an authority to believe, and a certificate. */
import { Agent, request } from 'node:https';
import type { Identity } from './certificate-proxy.ts';

/** What both libraries hand over. */
type Options = {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

/** A fetch that believes this authority and shows this certificate when it is asked for one. */
export function fetchOverTls(ca: string, identity?: Identity) {
  const agent = new Agent({
    ca,
    ...(identity !== undefined && { cert: identity.certificate, key: identity.key }),
  });
  return (url: string, { method, headers, body }: Options): Promise<Response> =>
    new Promise((resolve, reject) => {
      const sent = request(url, { method, headers, agent }, (incoming) => {
        const parts: Buffer[] = [];
        incoming.on('data', (part: Buffer) => parts.push(part));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const told = new Headers();
          for (const [name, values = []] of Object.entries(incoming.headersDistinct))
            for (const value of values) told.append(name, value);
          const { statusCode: status = 0 } = incoming;
          resolve(new Response(Buffer.concat(parts), { status, headers: told }));
        });
      });
      sent.on('error', reject).end(body instanceof URLSearchParams ? body.toString() : body);
    });
}
