import { isProtectedAddress, readJson } from '@tessera/protocol';

export type Fetch = (address: string, init: RequestInit) => Promise<Response>;

/** How to reach the authorization server: every member may be left out. */
export type Transport = {
  /** Instead of the platform's own, for a proxy or a private certificate authority. */
  readonly fetch?: Fetch | undefined;
  /** For a whole exchange, the body of the answer included. 5 by default. */
  readonly timeoutSeconds?: number | undefined;
  /** Also plain HTTP to other machines, where the network itself is trusted. */
  readonly allowHttp?: boolean | undefined;
};

export type Answer = {
  readonly status: number;
  /** The media type in small letters, without parameters. */
  readonly type: string;
  readonly text: string;
  readonly entityTag: string | undefined;
  /** Seconds, where the answer told them as a number. */
  readonly retryAfter: number | undefined;
};

const TIMEOUT_SECONDS = 5;

/** Far beyond any document of an authorization server, and no burden to hold. */
const ANSWER_BYTES_MAX = 256 * 1024;

/**
 * One request and its answer, bounded in time and size; undefined when there is none. Redirects
 * are not followed: what goes out are credentials and tokens, meant for this address alone.
 */
export async function exchange(
  address: string,
  init: RequestInit,
  transport: Transport,
  bytesMax: number = ANSWER_BYTES_MAX,
): Promise<Answer | undefined> {
  const { timeoutSeconds = TIMEOUT_SECONDS } = transport;
  const send: Fetch = transport.fetch ?? fetch;
  if (!mayBeAsked(address, transport)) return undefined;
  // Not AbortSignal.timeout: on Node 20 it may be collected before it has fired.
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), timeoutSeconds * 1000);
  try {
    const response = await send(address, {
      ...init,
      redirect: 'manual',
      signal: controller.signal,
    });
    const text = await readText(response, bytesMax);
    if (text === undefined) return undefined;
    const { headers, status } = response;
    const retryAfter = headers.get('retry-after') ?? '';
    return {
      status,
      type: (headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '',
      text,
      entityTag: headers.get('etag') ?? undefined,
      retryAfter: /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) : undefined,
    };
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

export const mayBeAsked = (address: string, transport: Transport): boolean =>
  transport.allowHttp === true || isProtectedAddress(address);

/** The body of an answer that says it is JSON; undefined for every other. */
export const jsonOf = ({ type, text }: Answer): unknown =>
  /^application\/(?:[\w.-]+\+)?json$/.test(type) ? readJson(text) : undefined;

/** The body as text; undefined when it is too long. */
async function readText(response: Response, bytesMax: number): Promise<string | undefined> {
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for (;;) {
    const chunk = await reader?.read();
    if (chunk === undefined || chunk.done) return text + decoder.decode();
    length += chunk.value.byteLength;
    if (length > bytesMax) {
      await reader?.cancel();
      return undefined;
    }
    text += decoder.decode(chunk.value, { stream: true });
  }
}
