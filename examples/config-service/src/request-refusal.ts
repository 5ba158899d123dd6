/** reason → status and the words for the caller. */
const WIRE = {
  path_unknown: [404, 'not_found', 'There is /config and /health'],
  method_not_allowed: [405, 'method_not_allowed', 'The method is not allowed here'],
  token_without_client: [403, 'access_denied', 'The access token names no client'],
  content_type_unsupported: [
    415,
    'unsupported_media_type',
    'The configuration must be sent as application/json',
  ],
  content_encoding_unsupported: [
    415,
    'unsupported_media_type',
    'The configuration must be sent without a Content-Encoding',
  ],
  configuration_too_large: [413, 'content_too_large', 'The configuration exceeds 16384 bytes'],
  configuration_broken_off: [400, 'invalid_request', 'The request body broke off'],
  configuration_not_json: [400, 'invalid_request', 'The configuration is not JSON'],
  configuration_not_object: [400, 'invalid_request', 'The configuration is not a JSON object'],
} as const satisfies Record<string, readonly [number, string, string]>;

/** Why a request is refused for another reason than its token. */
export type RequestRefusal = keyof typeof WIRE;

export type WireRefusal = {
  readonly status: number;
  readonly body: { readonly error: string; readonly error_description: string };
};

export function describeRequestRefusal(refusal: RequestRefusal): WireRefusal {
  const [status, error, words] = WIRE[refusal];
  return { status, body: { error, error_description: words } };
}
