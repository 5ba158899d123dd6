/** Where a fault goes that nobody has asked to hear of: it must not be lost. */
export const tellConsole = (what: string, fault: unknown): void => {
  // biome-ignore lint/suspicious/noConsole: an API that hears of nothing else sees this.
  console.error(`${what}:`, fault);
};
