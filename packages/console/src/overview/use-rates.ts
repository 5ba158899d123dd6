import { useAnswer } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';

/** The last hour, minute by minute, anew every five seconds. */
export const useRates = () =>
  useAnswer('listTokenRates', { params: { realm: useRealm() } }, { refetchInterval: 5_000 });
