import type { AuthenticatedCall } from '@tessera/protocol';

/** What a client brings to be given a token for. RFC 6749 §4.4. */
export type Grant = {
  readonly grantType: string;
  /** Read anew for each request: assertions end, are used up, and are renewed where they are kept. */
  readonly parameters: (call: AuthenticatedCall) => Promise<readonly (readonly [string, string])[]>;
  /** Whether what is issued may be a token that no API takes: `N_A`. RFC 8693 §2.2.1. */
  readonly mayBeNoAccessToken: boolean;
};

/** Something that somebody else renews, read when it is needed. */
export type TokenReader = (call: AuthenticatedCall) => string | Promise<string>;

/** The client itself is enough: what it has at the server is what it gets. RFC 6749 §4.4. */
export const CLIENT_CREDENTIALS: Grant = {
  grantType: 'client_credentials',
  parameters: async () => [],
  mayBeNoAccessToken: false,
};
