import type { Answer } from '@tessera/server/contract';

export type Provider = Answer<'findProvider'>;

/** What every part of the policies is about. */
export type PolicyProps = { readonly provider: Provider };
