import type { Answer } from '@tessera/server/contract';

/** An application as people see it and the client behind it: what every tab is about. */
export type Shown = {
  readonly application: Answer<'findApplication'>;
  readonly client: Answer<'findClient'>;
};
