/* Secrets that were made, as variables for a shell. */

type MadeSecret = {
  readonly realm: string;
  readonly clientId: string;
  readonly label: string;
  readonly secret: string;
};

export type NamedSecret = MadeSecret & { readonly variable: string };

/** `SHOP_DEPLOY_SECRET`; where two would be called alike, the later ones are numbered. */
export function nameSecrets(made: readonly MadeSecret[]): readonly NamedSecret[] {
  const taken = new Set<string>();
  return made.map((one) => {
    const name = `${one.realm}_${one.clientId}_SECRET`.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
    // A name of a variable does not begin with a digit.
    const first = /^\d/.test(name) ? `_${name}` : name;
    let variable = first;
    for (let number = 2; taken.has(variable); number++) variable = `${first}_${number}`;
    taken.add(variable);
    return { ...one, variable };
  });
}

/** As a file of variables: what is made is of unreserved characters, so nothing needs quotes. */
export const formatVariables = (secrets: readonly NamedSecret[]): string =>
  secrets.map(({ variable, secret }) => `${variable}=${secret}\n`).join('');
