/** The headers of a request, as the platform has them: `Headers`, or an object whose names are in small letters. */
export type PresentedHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** What of a request decides whether it is admitted. */
export type PresentedRequest = {
  readonly method: string;
  /**
   * What was called: the request target as it came in (`/orders?x=1`), or a whole URL. Its host
   * counts for nothing: it is the caller's word. See `publicUrl`.
   */
  readonly url: string;
  /**
   * Repeated headers have to show as several values, or joined by a comma: where a platform
   * silently keeps the first (`request.headers` of Node does), give it what it was made from
   * (`request.headersDistinct`).
   */
  readonly headers: PresentedHeaders;
  /** The body, when it is a form and has been read: a token in it is refused. RFC 6750 §2 */
  readonly form?: string | undefined;
  /**
   * The DER of the certificate that the caller has shown to hold in the TLS handshake. Asked for
   * only when a token is bound to one.
   */
  readonly peerCertificate?: (() => Uint8Array | undefined) | undefined;
};

/** Every value of a header, in the order they came; a platform that joins them gives one. */
export function headerValues(headers: PresentedHeaders, name: string): readonly string[] {
  if (isHeaders(headers)) {
    const value = headers.get(name);
    return value === null ? [] : [value];
  }
  const value = headers[name];
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

const isHeaders = (headers: PresentedHeaders): headers is { get(name: string): string | null } =>
  typeof headers.get === 'function';

/** What follows the `?` of what was called; undefined when there is none. */
export function queryOf(url: string): string | undefined {
  const mark = url.indexOf('?');
  return mark === -1 ? undefined : url.slice(mark + 1);
}

/**
 * Whether a request is the preflight of a browser, which never carries a token and has to be
 * answered without one. Every other request is to be admitted, whatever its method. Fetch §3.3.2
 */
export const isPreflight = ({ method, headers }: PresentedRequest): boolean =>
  method === 'OPTIONS' &&
  headerValues(headers, 'origin').length > 0 &&
  headerValues(headers, 'access-control-request-method').length > 0;
