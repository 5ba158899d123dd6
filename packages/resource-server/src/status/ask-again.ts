/** Between an answer that is behind and the next question, milliseconds. */
const PAUSES = [50, 150, 300];

/**
 * Asks until an answer is as new as what is known already, half a second at most. Of the nodes of a
 * server one may be behind for a moment, and the next question may reach another, or the same later.
 */
export async function askAgain<T>(
  ask: () => Promise<T>,
  isBehind: (answer: T) => boolean,
): Promise<T> {
  let answer = await ask();
  for (const milliseconds of PAUSES) {
    if (!isBehind(answer)) break;
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    answer = await ask();
  }
  return answer;
}
