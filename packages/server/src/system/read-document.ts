import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { ok, type Result, refuse } from '@tessera/protocol';
import type { FetchedDocument, OutboundProblem, SentJson } from '../model/fetched-document.ts';
import { readMaxAge } from '../model/max-age.ts';

/**
 * Asks once over this connection, with a JSON text if there is one, and reads a JSON object. Sends nothing about the caller, and reads
 * no more than `bytesMax` of a body whatever its headers say.
 */
export async function readDocument(
  connection: Socket,
  url: URL,
  accept: string,
  bytesMax: number,
  sent?: Pick<SentJson, 'body' | 'headers'>,
): Promise<Result<FetchedDocument, OutboundProblem>> {
  const response = await ask(connection, url, accept, sent);
  if (response === undefined) return refuse({ problem: 'unreachable' });
  const problem = problemOf(response, bytesMax);
  if (problem !== undefined) return refuse(problem);
  const body = await readBody(response, bytesMax);
  if (!body.ok) return body;
  const document = readObject(body.value);
  return document === undefined
    ? refuse({ problem: 'not_json' })
    : ok({ document, maxAge: readMaxAge(response.headers['cache-control']) });
}

function ask(
  connection: Socket,
  url: URL,
  accept: string,
  sent: Pick<SentJson, 'body' | 'headers'> | undefined,
): Promise<IncomingMessage | undefined> {
  return new Promise((resolve) => {
    const asked = request({
      createConnection: () => connection,
      method: sent === undefined ? 'GET' : 'POST',
      path: url.pathname + url.search,
      setHost: false,
      headers: {
        ...sent?.headers,
        ...(sent !== undefined && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(sent.body),
        }),
        host: url.host,
        accept,
        // A body that expands while it is read is a bomb.
        'accept-encoding': 'identity',
        'user-agent': 'tessera',
        connection: 'close',
      },
    });
    asked.once('response', resolve);
    asked.once('close', () => resolve(undefined));
    asked.on('error', () => undefined);
    asked.end(sent?.body);
  });
}

function problemOf(response: IncomingMessage, bytesMax: number): OutboundProblem | undefined {
  const { statusCode: status = 0, headers } = response;
  if (status >= 300 && status < 400) return { problem: 'redirected' };
  if (status !== 200) return { problem: 'status_unexpected', status };
  if (!isJson(headers['content-type'] ?? '')) return { problem: 'content_type_unexpected' };
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity')
    return { problem: 'encoding_unexpected' };
  if (Number(headers['content-length'] ?? 0) > bytesMax) return { problem: 'too_large' };
  return undefined;
}

/** `application/json` and whatever says that it is written in it. RFC 6839 §3.1. */
const isJson = (contentType: string): boolean =>
  /^application\/(?:json|[\w!#$&^.+-]+\+json)$/i.test(contentType.split(';', 1)[0]?.trim() ?? '');

async function readBody(
  response: IncomingMessage,
  bytesMax: number,
): Promise<Result<Uint8Array, OutboundProblem>> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > bytesMax) return refuse({ problem: 'too_large' });
      chunks.push(chunk);
    }
  } catch {
    return refuse({ problem: 'unreachable' });
  }
  return ok(Buffer.concat(chunks));
}

function readObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
