/** What every failure of this package has, besides its message. */
type Told = {
  readonly status: number;
  /** Seconds to wait before asking again, when the server told. RFC 9110 §10.2.3. */
  readonly retryAfter?: number | undefined;
  /** The server's name for this request: quote it to whoever runs the server. */
  readonly requestId?: string | undefined;
};

/** The authorization server said no. RFC 6749 §5.2. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly status: number;
  readonly error: string;
  readonly error_description: string | undefined;
  readonly retryAfter: number | undefined;
  readonly requestId: string | undefined;
  /** What to do about it, for whoever runs this program. */
  readonly remedy: string;

  constructor(
    refusal: Told & { readonly error: string; readonly error_description?: string | undefined },
  ) {
    const { error, error_description: description } = refusal;
    super(description === undefined ? error : `${error}: ${description}`);
    this.status = refusal.status;
    this.error = error;
    this.error_description = description;
    this.retryAfter = refusal.retryAfter;
    this.requestId = refusal.requestId;
    this.remedy = REMEDIES[error] ?? 'Ask whoever runs the authorization server.';
  }
}

/**
 * RFC 6749 §5.2, RFC 8707 §2, RFC 9396 §5, RFC 9449 §5: whose fault an error is, and what helps.
 */
const REMEDIES: Readonly<Record<string, string>> = {
  invalid_client:
    'Check the client id, the issuer, and that the credential is the one registered there and has not expired.',
  unauthorized_client: 'Allow the client to use this grant type.',
  unsupported_grant_type: 'Enable the grant type at the authorization server.',
  invalid_scope: 'Ask for scopes that were granted to the client, or grant it these.',
  invalid_target: 'Ask for a resource that is registered and at which the client holds scopes.',
  invalid_authorization_details: 'Ask for types that the API has and the client was granted.',
  invalid_grant: 'Bring an assertion or a token that is valid, for this server, and not used up.',
  invalid_dpop_proof: 'Give the source a DPoP key: the token has to be bound; check the clock too.',
  use_dpop_nonce: 'Give the source a DPoP key that remembers nonces: dpop(await dpopKey()).',
  invalid_request: 'Correct what the description names.',
  access_denied: 'Ask whoever administers the client to permit this.',
  temporarily_unavailable: 'Ask again later; a token source does so by itself.',
  server_error: 'Ask again later, and tell whoever runs the server the request id.',
  slow_down: 'Ask again later, and less often.',
};

/** Nothing was answered: no connection, a broken one, or none in time. `cause` says which. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
  readonly remedy =
    'Check the address, DNS, the network and the certificate of the server; cause says more.';
}

/** Something was answered, but not what an authorization server answers. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
  readonly status: number;
  readonly retryAfter: number | undefined;
  readonly requestId: string | undefined;
  readonly remedy: string;

  constructor(message: string, answer: Told) {
    super(message);
    this.status = answer.status;
    this.retryAfter = answer.retryAfter;
    this.requestId = answer.requestId;
    this.remedy =
      answer.status >= 500
        ? 'Look at the server, or at the proxy before it.'
        : 'Check that the issuer is written exactly as the server writes it, and the endpoint.';
  }
}

/** A secret, a key or an assertion could not be read from where it is kept. */
export class UnusableCredentialError extends Error {
  override readonly name = 'UnusableCredentialError';
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.remedy = remedy;
  }
}
