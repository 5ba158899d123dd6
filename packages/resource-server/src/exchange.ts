import { isProtectedAddress } from '@tessera/protocol';

export type Fetch = (address: string, init: RequestInit) => Promise<Response>;

/** How to reach the authorization server: every member may be left out. */
export type Transport = {
  /** Instead of the platform's own, for a proxy or a private certificate authority. */
  readonly fetch?: Fetch | undefined;
  /** For the whole exchange, the body of the answer included. 5 by default. */
  readonly timeoutSeconds?: number | undefined;
  /** Also plain HTTP to other machines, where the network itself is trusted. */
  readonly allowHttp?: boolean | undefined;
};

export type Answer = {
  readonly status: number;
  /** The body when it is JSON, else undefined. */
  readonly json: unknown;
  /** Seconds, where the answer told them as a number. */
  readonly retryAfter: number | undefined;
};

const TIMEOUT_SECONDS = 5;

/** Far beyond any answer of an authorization server, and no burden to hold. */
const ANSWER_BYTES_MAX = 256 * 1024;

/**
 * One request and its answer, bounded in time and size; undefined when there is none. Redirects
 * are not followed: what goes out are credentials and tokens, meant for this address alone.
 */
export async function exchange(
  address: string,
  init: RequestInit,
  transport: Transport,
): Promise<Answer | undefined> {
  const { timeoutSeconds = TIMEOUT_SECONDS } = transport;
  const send: Fetch = transport.fetch ?? fetch;
  if (!mayBeAsked(address, transport)) return undefined;
  try {
    const response = await send(address, {
      ...init,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
    });
    const retryAfter = response.headers.get('retry-after') ?? '';
    return {
      status: response.status,
      json: await readJson(response),
      retryAfter: /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) : undefined,
    };
  } catch {
    return undefined;
  }
}

export const mayBeAsked = (address: string, transport: Transport): boolean =>
  transport.allowHttp === true || isProtectedAddress(address);

/** The body as JSON; undefined when it is none, or too long. */
async function readJson(response: Response): Promise<unknown> {
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for (;;) {
    const chunk = await reader?.read();
    if (chunk === undefined || chunk.done) break;
    length += chunk.value.byteLength;
    if (length > ANSWER_BYTES_MAX) {
      await reader?.cancel();
      return undefined;
    }
    text += decoder.decode(chunk.value, { stream: true });
  }
  const type = response.headers.get('content-type') ?? '';
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type)) return undefined;
  try {
    return JSON.parse(text + decoder.decode());
  } catch {
    return undefined;
  }
}
