import { isProtectedAddress } from '@tessera/protocol';
import { UnexpectedAnswerError, UnreachableError } from './oauth-error.ts';
import { readRetryAfter } from './retry-after.ts';

export type Fetch = (address: string, init: RequestInit) => Promise<Response>;

/** How to reach an authorization server: every member may be left out. */
export type Transport = {
  /** Instead of the platform's own, for a proxy or a private certificate authority. */
  readonly fetch?: Fetch | undefined;
  /** Gives up early; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** For the whole exchange, the body of the answer included. 10 by default. */
  readonly timeoutSeconds?: number | undefined;
  /** Also plain HTTP to other machines, where the network itself is trusted. */
  readonly allowHttp?: boolean | undefined;
};

/** An answer, read whole. */
export type Answer = {
  readonly status: number;
  /** The body when it is JSON, else undefined. */
  readonly json: unknown;
  readonly retryAfter: number | undefined;
  readonly requestId: string | undefined;
  /** What the next DPoP proof at this server has to carry. RFC 9449 §8. */
  readonly dpopNonce: string | undefined;
};

const TIMEOUT_SECONDS = 10;

/** Far beyond any answer of an authorization server, and no burden to hold. */
const ANSWER_BYTES_MAX = 256 * 1024;

/**
 * One request and its answer, bounded in time and size. Redirects are not followed: what goes out
 * are credentials and tokens, meant for this address and no other.
 */
export async function exchange(
  address: string,
  init: RequestInit,
  transport: Transport,
): Promise<Answer> {
  if (!isProtectedAddress(address) && transport.allowHttp !== true)
    throw new TypeError(`${address} is not https; allowHttp permits it`);

  const { signal, timeoutSeconds = TIMEOUT_SECONDS } = transport;
  signal?.throwIfAborted();
  // Not AbortSignal.any over AbortSignal.timeout: on Node 20 the timeout may be collected unfired.
  const controller = new AbortController();
  const abandon = (): void => controller.abort(signal?.reason);
  const late = new Error(`no answer within ${timeoutSeconds} s`);
  const timer = setTimeout(() => controller.abort(late), timeoutSeconds * 1000);
  signal?.addEventListener('abort', abandon, { once: true });
  try {
    const send: Fetch = transport.fetch ?? fetch;
    const response = await send(address, {
      ...init,
      redirect: 'manual',
      signal: controller.signal,
    });
    const described = {
      status: response.status,
      retryAfter: readRetryAfter(response.headers.get('retry-after'), Date.now()),
      requestId: response.headers.get('x-request-id') ?? undefined,
      dpopNonce: response.headers.get('dpop-nonce') ?? undefined,
    };
    const text = await readText(response);
    if (text === undefined)
      throw new UnexpectedAnswerError(`${address} answered more than can be read`, described);
    return { ...described, json: isJson(response) ? readJson(text) : undefined };
  } catch (error) {
    if (error instanceof UnexpectedAnswerError) throw error;
    signal?.throwIfAborted();
    const cause = controller.signal.aborted ? late : error;
    throw new UnreachableError(`${address} can not be reached`, { cause });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abandon);
  }
}

/** The body as text, or undefined when it is too long. */
async function readText(response: Response): Promise<string | undefined> {
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.byteLength;
    if (length > ANSWER_BYTES_MAX) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}

const isJson = (response: Response): boolean =>
  /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(response.headers.get('content-type') ?? '');

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
