/** At once where the platform can, else later: an API in front of Node should not wait for nothing. */
export type Eventually<T> = T | Promise<T>;

/**
 * Goes on with a value: at once if it is there. To wait for what is known already costs as much as
 * to judge a token that was seen before.
 */
export const whenKnown = <T, R>(
  value: Eventually<T>,
  goOn: (value: T) => Eventually<R>,
): Eventually<R> => (value instanceof Promise ? value.then(goOn) : goOn(value));
