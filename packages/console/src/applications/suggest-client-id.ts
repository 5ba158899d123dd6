/** From a name, what is easy to type; the person may write another. */
export const suggestClientId = (name: string): string =>
  /^[\w.-]+$/.test(name)
    ? name
    : name
        .normalize('NFKD')
        .replaceAll(/[^\w]+/g, '-')
        .replaceAll(/^-+|-+$/g, '')
        .toLowerCase();
