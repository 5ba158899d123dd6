import type { NumericDate } from '@tessera/protocol';

/** Client × API → scopes and types of authorization details. What is not listed is not allowed. */
export type ClientGrant = {
  readonly realm: string;
  readonly clientId: string;
  readonly apiId: string;
  readonly scopes: readonly string[];
  readonly authorizationDetailTypes: readonly string[];
  readonly createdAt: NumericDate;
  readonly revision: number;
};
