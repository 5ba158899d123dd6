import type { RegisteredClient } from '../model/client.ts';

/** A client that was believed. */
export type AuthenticatedClient = RegisteredClient & {
  /** The credential that was believed; undefined for a public client, which has none. */
  readonly credentialId: string | undefined;
};
