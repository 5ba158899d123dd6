import { recent } from './recent.ts';

export type Remembered<V> = {
  find(realm: string, id: string): Promise<V>;
  forget(realm: string, id: string): void;
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
  const asking = new Map<string, Promise<V>>();

  const ask = (key: string, realm: string, id: string): Promise<V> => {
    const answer = load(realm, id);
    asking.set(key, answer);
    answer.then(
      (value) => {
        if (asking.get(key) !== answer) return;
        asking.delete(key);
        if (value !== undefined) present.keep(key, answer, weigh(value));
        else if (absentMax > 0) absent.keep(key, answer, 1);
      },
      () => {
        if (asking.get(key) === answer) asking.delete(key);
      },
    );
    return answer;
  };

  return {
    find(realm, id) {
      const key = keyOf(realm, id);
      return present.find(key) ?? absent.find(key) ?? asking.get(key) ?? ask(key, realm, id);
    },
    forget(realm, id) {
      const key = keyOf(realm, id);
      present.drop(key);
      absent.drop(key);
      asking.delete(key);
    },
    forgetAll() {
      present.clear();
      absent.clear();
      asking.clear();
    },
    revise(realm, id, change) {
      present.replace(keyOf(realm, id), (known) => known.then(change));
    },
  };
}

/** No name of a realm has a space, so no two questions share a key. */
const keyOf = (realm: string, id: string): string => `${realm} ${id}`;
