/** A request in the form in which it can be sent, and perhaps sent again. */
export type RepeatableRequest = {
  readonly address: string;
  readonly init: RequestInit;
  readonly method: string;
  /** Not when the body is a stream: it is gone once it was sent. */
  readonly repeatable: boolean;
};

/** Of the body of a `Request`, which hides what it was made from. */
const BODY_BYTES_MAX = 1024 * 1024;

/**
 * What was given to a `fetch`, in one form. The body of a `Request` is read first, up to 1 MiB, so
 * that it can be sent again; of a longer one, and of a stream, there is but one chance.
 */
export async function readRequest(
  input: string | URL | Request,
  init: RequestInit,
): Promise<RepeatableRequest> {
  if (!(input instanceof Request)) {
    const repeatable = canBeSentAgain(init.body);
    const method = (init.method ?? 'GET').toUpperCase();
    return { address: String(input), init, method, repeatable };
  }
  const request = new Request(input, init);
  const { url: address, method, headers, signal, redirect } = request;
  const shared = { ...init, method, headers, signal, redirect };
  if (request.body === null) return { address, init: shared, method, repeatable: true };
  const body = await readBody(request.body);
  if (body instanceof Uint8Array)
    return { address, init: { ...shared, body }, method, repeatable: true };
  return {
    address,
    init: { ...shared, body, duplex: 'half' },
    method,
    repeatable: false,
  };
}

/** Whatever is not known to stay as it is may be a stream by another name, such as those of Node. */
const canBeSentAgain = (body: RequestInit['body']): boolean =>
  body == null ||
  typeof body === 'string' ||
  [ArrayBuffer, Blob, FormData, URLSearchParams].some((kind) => body instanceof kind) ||
  ArrayBuffer.isView(body);

/** All of it, or when that is too much a stream of the same bytes. */
async function readBody(
  body: ReadableStream<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length <= BODY_BYTES_MAX) {
    const { done, value } = await reader.read();
    if (done) return joined(chunks, length);
    chunks.push(value);
    length += value.byteLength;
  }
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const chunk = chunks.shift() ?? (await reader.read()).value;
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/** RFC 9110 §15.4: 301, 302 and 303 lead to a page, 307 and 308 to the same request elsewhere. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * The request that a redirect asks for, or undefined when the answer is none that may be followed:
 * one to another origin would take the token there.
 */
export function followRedirect(
  sent: RepeatableRequest,
  { status, headers }: Response,
): RepeatableRequest | undefined {
  const location = headers.get('location');
  if (!REDIRECTS.has(status) || location === null) return undefined;
  if (!URL.canParse(location, sent.address)) return undefined;
  const target = new URL(location, sent.address);
  if (target.origin !== new URL(sent.address).origin) return undefined;
  const address = target.href;
  if (status === 307 || status === 308) return sent.repeatable ? { ...sent, address } : undefined;
  if (sent.method === 'GET' || sent.method === 'HEAD') return { ...sent, address };
  if (status !== 303 && sent.method !== 'POST')
    return sent.repeatable ? { ...sent, address } : undefined;
  const kept = new Headers(sent.init.headers);
  for (const name of [...kept.keys()]) if (name.startsWith('content-')) kept.delete(name);
  const { body: _, ...init } = sent.init;
  return {
    address,
    init: { ...init, method: 'GET', headers: kept },
    method: 'GET',
    repeatable: true,
  };
}
