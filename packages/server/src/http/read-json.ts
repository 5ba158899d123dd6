import { isUtf8 } from 'node:buffer';
import { ok, type Result, refuse } from '@tessera/protocol';
import type { FastifyRequest } from 'fastify';
import type { TransportRefusal } from '../contract/refusal.ts';

export const JSON_BYTES_MAX = 64 * 1024;

/** No form of ours nests deeper than five, and a file three more; room is left, none for bombs. */
const DEPTH_MAX = 20;

/** `application/json`, in UTF-8 or saying nothing of it. RFC 8259 §11 */
const MEDIA_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

export const isJsonType = (contentType: string | undefined): boolean =>
  MEDIA_TYPE.test(contentType ?? '');

/**
 * The body as a JSON value; undefined when there is none. `__proto__` is a member like any other
 * to the parser, and one that no schema knows.
 */
export function readJson(request: FastifyRequest): Result<unknown, TransportRefusal> {
  const { body, headers } = request;
  if (!Buffer.isBuffer(body) || body.length === 0) return ok(undefined);
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    return refuse({ reason: 'media_type_unsupported' });
  if (!isJsonType(headers['content-type'])) return refuse({ reason: 'media_type_unsupported' });
  if (!isUtf8(body)) return malformed('The body is not UTF-8.');

  const text = body.toString('utf8');
  if (nestsDeeperThan(DEPTH_MAX, text)) return malformed('The body nests too deeply.');
  try {
    return ok(JSON.parse(text));
  } catch {
    return malformed('The body is not JSON.');
  }
}

const malformed = (detail: string) => refuse({ reason: 'body_malformed' as const, detail });

/** Looked at before anything is built from it. RFC 8259 §9 allows a limit. */
function nestsDeeperThan(limit: number, json: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (inString) {
      if (character === '\\') i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    if (depth > limit) return true;
  }
  return false;
}
