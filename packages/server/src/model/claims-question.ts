import type {
  AskedHook,
  ClaimsAnswerProblem,
  ClaimsRequest,
  SigningAlgorithm,
} from '@tessera/protocol';
import type { OutboundProblem } from './fetched-document.ts';

/** What a claims hook is asked, and all that its answer depends on. */
export type ClaimsQuestion = {
  readonly hook: AskedHook;
  readonly request: ClaimsRequest;
  /** What was answered before the client was changed does not count. */
  readonly clientRevision: number;
  /** The realm's, for the signature of the request. */
  readonly algorithm: SigningAlgorithm;
};

/** Why a hook gave no claims, and after how many seconds it may. */
export type HookProblem = (
  | OutboundProblem
  | ClaimsAnswerProblem
  /** It failed so often that it is not asked for a while. */
  | { readonly problem: 'circuit_open' }
) & { readonly retryAfter: number };
