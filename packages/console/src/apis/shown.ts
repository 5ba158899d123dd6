import type { Answer } from '@tessera/server/contract';

export type Api = Answer<'findApi'>;
export type Provider = Answer<'findProvider'>;

/** What every tab of an API is about. */
export type Shown = {
  readonly api: Api;
  /** Undefined for those who may not see the settings of the realm. */
  readonly provider: Provider | undefined;
};

/** The administration API: the server says what it is and which scopes it has. */
export const isAdministration = ({ id }: Api): boolean => id === 'tessera-admin';
