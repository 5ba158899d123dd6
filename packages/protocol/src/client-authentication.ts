import { encode } from './parameters.ts';

/** The call in which a client proves itself: what a method may have to sign or bind. */
export type AuthenticatedCall = {
  readonly clientId: string;
  /** Undefined where only the endpoint is known. */
  readonly issuer: string | undefined;
  readonly endpoint: string;
};

/** What one authentication method adds to a request. */
export type Presentation = {
  readonly headers: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
};

/** A client authentication method, from the side of the one who is authenticated. RFC 6749 §2.3. */
export type ClientAuthentication = (
  call: AuthenticatedCall,
) => Presentation | Promise<Presentation>;

/**
 * The text that HTTP Basic encodes in base64: id and secret, each form-encoded first, so that a
 * colon in either can not be taken for the one between them. RFC 6749 §2.3.1. It is ASCII,
 * whatever the id and the secret are.
 */
export const formatBasicText = (clientId: string, secret: string): string =>
  `${encode(clientId)}:${encode(secret)}`;
