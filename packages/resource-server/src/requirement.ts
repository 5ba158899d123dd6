/** Scope names separated by spaces, or as a list. */
export type ScopeList = string | readonly string[];

/**
 * What one of the granted authorization details has to allow: all that is named here, whatever
 * else it allows. RFC 9396 §2
 */
export type DetailRequirement = {
  readonly type: string;
  readonly actions?: readonly string[] | undefined;
  readonly locations?: readonly string[] | undefined;
  readonly datatypes?: readonly string[] | undefined;
  readonly privileges?: readonly string[] | undefined;
  readonly identifier?: string | undefined;
  /** For members of the type's own. */
  readonly where?: ((detail: Readonly<Record<string, unknown>>) => boolean) | undefined;
};

/** What one operation of the API needs of a token; every member may be left out. */
export type Requirement = {
  /** All of these. */
  readonly scope?: ScopeList | undefined;
  /** At least one of these. */
  readonly anyScope?: ScopeList | undefined;
  /** For each of these, one detail that covers it. */
  readonly authorizationDetails?: readonly DetailRequirement[] | undefined;
  /** `client`: only a client that acts for itself; `other`: only one that acts for somebody else. */
  readonly subject?: 'client' | 'other' | undefined;
  /** The key that the token has to be bound to; `any`: one of them, whichever. */
  readonly boundTo?: 'any' | 'dpop' | 'certificate' | undefined;
};
