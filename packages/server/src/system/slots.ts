/**
 * Room for so many at once. Whoever finds none waits in line for as long as it likes to; the line
 * has an end, too.
 */
export type Slots = {
  /** What gives the room back, once; undefined when there was none in time. */
  take(milliseconds: number): Promise<(() => void) | undefined>;
};

export function slots(max: number, waitingMax: number): Slots {
  let taken = 0;
  const waiting = new Set<() => void>();

  const occupy = (): (() => void) => {
    taken += 1;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      taken -= 1;
      const [next] = waiting;
      next?.();
    };
  };

  return {
    async take(milliseconds) {
      if (taken < max) return occupy();
      if (waiting.size >= waitingMax) return undefined;
      return new Promise((resolve) => {
        const giveUp = setTimeout(() => {
          waiting.delete(turn);
          resolve(undefined);
        }, milliseconds);
        const turn = () => {
          clearTimeout(giveUp);
          waiting.delete(turn);
          resolve(occupy());
        };
        waiting.add(turn);
      });
    },
  };
}
