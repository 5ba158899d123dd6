import type { Answer } from '../contract/routes.ts';
import { isObject } from './crest.ts';

/** Under which name an account's own members are kept with its client: what tells the two apart. */
export const KEPT_ACCOUNT = 'managed/svcacct';

/** IDM's, and none of AM's clients, although a client of the root realm is what it is here. */
export const isServiceAccount = ({ keptAttributes }: Answer<'findClient'>): boolean =>
  isObject(keptAttributes?.[KEPT_ACCOUNT]);
