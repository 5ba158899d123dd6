import { isUtf8 } from 'node:buffer';
import {
  type AuthorizationHeader,
  type Form,
  type Refusal,
  type Result,
  readForm,
  refuse,
} from '@tessera/protocol';
import type { FastifyRequest } from 'fastify';

/** RFC 6749 §3.2 requests have a handful of short parameters. */
export const BODY_BYTES_MAX = 32 * 1024;

export const FORM_TYPE = 'application/x-www-form-urlencoded';

/**
 * Reads the form of an OAuth 2.0 request. RFC 6749 §3.2, App. B: `application/x-www-form-urlencoded`
 * in UTF-8, whatever charset is declared, and nothing in the URL.
 */
export function readBody(request: FastifyRequest): Result<Form, Refusal> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    return refuse({ reason: 'content_encoding_unsupported' });
  if (!isFormType(request.headers['content-type']))
    return refuse({ reason: 'content_type_unsupported' });
  const { body } = request;
  if (body === undefined || body === null) return readForm('');
  if (!Buffer.isBuffer(body) || !isUtf8(body)) return refuse({ reason: 'body_malformed' });
  return readForm(body.toString('utf8'));
}

function isFormType(contentType: string | undefined): boolean {
  if (contentType === FORM_TYPE) return true;
  const [type] = (contentType ?? '').split(';', 1);
  return type !== undefined && type.trim().toLowerCase() === FORM_TYPE;
}

/**
 * Reads the Authorization header. Scheme names compare without case, one space or more separates
 * them from what follows. RFC 9110 §11.1, §11.4.
 *
 * Node.js keeps the first of several such headers and says nothing, so they are counted.
 */
export function readAuthorization(request: FastifyRequest): AuthorizationHeader {
  const value = request.headers.authorization;
  if (value === undefined) return { kind: 'absent' };
  if (isRepeated(request.raw.rawHeaders)) return { kind: 'repeated' };

  const match = /^([A-Za-z]+) +([^ ]+) *$/.exec(value);
  const [, scheme = '', credentials = ''] = match ?? [];
  switch (scheme.toLowerCase()) {
    case 'basic':
      return readBasic(credentials);
    case 'bearer':
      return { kind: 'bearer', token: credentials };
    case 'dpop':
      return { kind: 'dpop', token: credentials };
    default:
      return { kind: 'malformed' };
  }
}

/** The values of all `DPoP` headers, which Node.js would join to one. RFC 9449 §4.3 */
export function readProofs(request: FastifyRequest): readonly string[] {
  if (request.headers['dpop'] === undefined) return [];
  const { rawHeaders } = request.raw;
  const proofs: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (rawHeaders[i]?.toLowerCase() === 'dpop') proofs.push(rawHeaders[i + 1] ?? '');
  return proofs;
}

/** Padding may be missing, as in PingAM's documentation; another alphabet may not. RFC 4648 §4 */
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

function readBasic(credentials: string): AuthorizationHeader {
  if (!BASE64.test(credentials)) return { kind: 'malformed' };
  const bytes = Buffer.from(credentials, 'base64');
  if (!isUtf8(bytes)) return { kind: 'malformed' };
  return { kind: 'basic', text: bytes.toString('utf8') };
}

function isRepeated(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name !== undefined && name.length === 13 && name.toLowerCase() === 'authorization') count++;
  }
  return count > 1;
}
