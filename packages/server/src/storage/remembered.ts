import { recent } from './recent.ts';

export type Remembered<V> = {
  find(realm: string, id: string): Promise<V>;
  forget(realm: string, id: string): void;
  forgetRealm(realm: string): void;
  forgetAll(): void;
  /** Changes what is remembered, without asking again. */
  revise(realm: string, id: string, change: (value: V) => V): void;
};

export type RememberedLimits<V> = {
  /** How much may be remembered, in units of `weigh`. */
  readonly weightMax: number;
  /** 1 for each unless said otherwise. */
  readonly weigh?: (value: V) => number;
  /** How many ids are remembered to be unknown; apart, so that a flood of them displaces nothing. */
  readonly absentMax: number;
};

/**
 * Asks once and remembers the answer until it is told to forget. What it remembers of a question
 * that is still being asked is the promise, so a change meanwhile forgets that, too: an answer
 * that may be from before the change is given to those who asked before it, and to nobody else.
 */
export function remembered<V>(
  load: (realm: string, id: string) => Promise<V>,
  { weightMax, absentMax, weigh = () => 1 }: RememberedLimits<V>,
): Remembered<V> {
  const present = recent<Promise<V>>(weightMax);
  const absent = recent<Promise<V>>(absentMax);
  /** What is being asked; there are as many as there are questions at this moment. */
  const asking = recent<Promise<V>>(Number.POSITIVE_INFINITY);

  const ask = (realm: string, id: string): Promise<V> => {
    const answer = load(realm, id);
    asking.keep(realm, id, answer, 1);
    answer.then(
      (value) => {
        if (asking.find(realm, id) !== answer) return;
        asking.drop(realm, id);
        if (value !== undefined) present.keep(realm, id, answer, weigh(value));
        else if (absentMax > 0) absent.keep(realm, id, answer, 1);
      },
      () => {
        if (asking.find(realm, id) === answer) asking.drop(realm, id);
      },
    );
    return answer;
  };

  return {
    find: (realm, id) =>
      present.find(realm, id) ?? absent.find(realm, id) ?? asking.find(realm, id) ?? ask(realm, id),
    forget(realm, id) {
      for (const memory of [present, absent, asking]) memory.drop(realm, id);
    },
    forgetRealm(realm) {
      for (const memory of [present, absent, asking]) memory.dropRealm(realm);
    },
    forgetAll() {
      for (const memory of [present, absent, asking]) memory.clear();
    },
    revise: (realm, id, change) => present.replace(realm, id, (known) => known.then(change)),
  };
}
