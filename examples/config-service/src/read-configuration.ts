import type { IncomingMessage } from 'node:http';
import type { Result } from '@tessera/resource-server';
import type { RequestRefusal } from './request-refusal.ts';

const CONFIGURATION_BYTES_MAX = 16 * 1024;

/** Reads a body that must be the text of one JSON object, within its limit. */
export async function readConfiguration(
  request: IncomingMessage,
): Promise<Result<string, RequestRefusal>> {
  const { headers } = request;
  if (!/^application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? ''))
    return refuse('content_type_unsupported');
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity')
    return refuse('content_encoding_unsupported');
  if (Number(headers['content-length'] ?? 0) > CONFIGURATION_BYTES_MAX)
    return refuse('configuration_too_large');

  const bytes = await readBytes(request);
  if (bytes === 'too_large') return refuse('configuration_too_large');
  if (bytes === 'broken_off') return refuse('configuration_broken_off');
  const text = readText(bytes);
  if (text === undefined) return refuse('configuration_not_json');
  return isJsonObject(text);
}

const refuse = (
  reason: RequestRefusal,
): { readonly ok: false; readonly refusal: RequestRefusal } => ({
  ok: false,
  refusal: reason,
});

async function readBytes(request: IncomingMessage): Promise<Buffer | 'too_large' | 'broken_off'> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // Leaving the plain iteration early would destroy the connection, and the answer with it.
    const body: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
    for await (const chunk of body) {
      length += chunk.byteLength;
      if (length > CONFIGURATION_BYTES_MAX) return 'too_large';
      chunks.push(chunk);
    }
  } catch {
    return 'broken_off';
  }
  return Buffer.concat(chunks);
}

/** JSON is UTF-8. RFC 8259 §8.1. */
function readText(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return undefined;
  }
}

function isJsonObject(text: string): Result<string, RequestRefusal> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { ok: true, value: text }
      : refuse('configuration_not_object');
  } catch {
    return refuse('configuration_not_json');
  }
}
