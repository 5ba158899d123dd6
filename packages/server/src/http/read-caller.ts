import type { FastifyRequest } from 'fastify';
import type { Presented } from '../admin/authenticate-administrator.ts';
import type { CertificateReader } from './certificate-reader.ts';
import { readProofs } from './read-request.ts';
import type { SessionCookie } from './session-cookie.ts';

/** RFC 6750 §2.1, RFC 9449 §7.1: the scheme is case-insensitive, the token is not. */
const TOKEN = /^(Bearer|DPoP) +([A-Za-z0-9\-._~+/]+=*)$/i;

/** Reads who calls the administration API. */
export type CallerReader = {
  readonly cookie: SessionCookie;
  read(request: FastifyRequest): Presented;
};

export const callerReader = (
  cookie: SessionCookie,
  publicUrl: string,
  readCertificate: CertificateReader,
): CallerReader => ({
  cookie,
  read: (request) => readCaller(request, cookie, publicUrl, readCertificate),
});

/** A token if one was sent, else the session; never both, so that no page can add to a token. */
function readCaller(
  request: FastifyRequest,
  cookie: SessionCookie,
  publicUrl: string,
  readCertificate: CertificateReader,
): Presented {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const [, scheme, token] = TOKEN.exec(authorization) ?? [];
    const certificate = readCertificate(request);
    if (token === undefined || !certificate.ok) return { kind: 'malformed' };
    return {
      kind: 'token',
      scheme: scheme?.toLowerCase() === 'dpop' ? 'dpop' : 'bearer',
      token,
      proofs: readProofs(request),
      method: request.method,
      called: publicUrl + (request.url.split('?', 1)[0] ?? ''),
      certificate: certificate.value,
    };
  }
  const token = cookie.read(request.headers.cookie);
  if (token === undefined) return { kind: 'nothing' };
  const safe = request.method === 'GET' || request.method === 'HEAD';
  return { kind: 'cookie', token, safe, origin: readOrigin(request) };
}

/** RFC 6454 §7; old browsers send a `Referer` alone. */
export function readOrigin({ headers }: FastifyRequest): string | undefined {
  const { origin, referer } = headers;
  if (origin !== undefined) return origin;
  return referer !== undefined && URL.canParse(referer) ? new URL(referer).origin : undefined;
}
