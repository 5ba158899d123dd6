import type { FastifyRequest } from 'fastify';
import type { Presented } from '../admin/authenticate-administrator.ts';
import { readProofs } from './read-request.ts';
import type { SessionCookie } from './session-cookie.ts';

/** RFC 6750 §2.1, RFC 9449 §7.1: the scheme is case-insensitive, the token is not. */
const TOKEN = /^(Bearer|DPoP) +([A-Za-z0-9\-._~+/]+=*)$/i;

/** A token if one was sent, else the session; never both, so that no page can add to a token. */
export function readCaller(
  request: FastifyRequest,
  cookie: SessionCookie,
  publicUrl: string,
): Presented {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const [, scheme, token] = TOKEN.exec(authorization) ?? [];
    if (token === undefined) return { kind: 'malformed' };
    return {
      kind: 'token',
      scheme: scheme?.toLowerCase() === 'dpop' ? 'dpop' : 'bearer',
      token,
      proofs: readProofs(request),
      method: request.method,
      called: publicUrl + (request.url.split('?', 1)[0] ?? ''),
      certificateThumbprint: undefined,
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
