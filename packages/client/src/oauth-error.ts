/** The authorization server said no. RFC 6749 §5.2. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly status: number;
  readonly error: string;
  readonly error_description: string | undefined;
  /** Seconds to wait before asking again, when the server told. RFC 9110 §10.2.3. */
  readonly retryAfter: number | undefined;
  /** The server's name for this request: quote it to whoever runs the server. */
  readonly requestId: string | undefined;

  constructor(refusal: {
    readonly status: number;
    readonly error: string;
    readonly error_description?: string | undefined;
    readonly retryAfter?: number | undefined;
    readonly requestId?: string | undefined;
  }) {
    const { error, error_description: description } = refusal;
    super(description === undefined ? error : `${error}: ${description}`);
    this.status = refusal.status;
    this.error = error;
    this.error_description = description;
    this.retryAfter = refusal.retryAfter;
    this.requestId = refusal.requestId;
  }
}

/** Nothing was answered: no connection, a broken one, or none in time. `cause` says which. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** Something was answered, but not what an authorization server answers. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
  readonly status: number;
  readonly retryAfter: number | undefined;
  readonly requestId: string | undefined;

  constructor(
    message: string,
    answer: {
      readonly status: number;
      readonly retryAfter: number | undefined;
      readonly requestId: string | undefined;
    },
  ) {
    super(message);
    this.status = answer.status;
    this.retryAfter = answer.retryAfter;
    this.requestId = answer.requestId;
  }
}
