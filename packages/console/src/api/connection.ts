/*
 * Whether the server answers. Every call tells what it met; while none is made, a small file of the
 * console is asked for, which keeps no session alive.
 */

let lost = false;
const listeners = new Set<() => void>();

function set(next: boolean): void {
  if (next === lost) return;
  lost = next;
  for (const listener of [...listeners]) listener();
}

export const connection = {
  isLost: (): boolean => lost,
  tellLost: (): void => set(true),
  tellFound: (): void => set(false),
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
} as const;

/** Asks whether somebody answers, and tells. */
export async function probe(): Promise<boolean> {
  try {
    const { ok } = await fetch(`${BASE_PATH}tessera.svg`, {
      cache: 'no-store',
      credentials: 'omit',
    });
    if (ok) connection.tellFound();
    else connection.tellLost();
    return ok;
  } catch {
    connection.tellLost();
    return false;
  }
}

/** Resolves once the server answers. */
const found = (): Promise<void> =>
  new Promise((resolve) => {
    if (!lost) return resolve();
    const stop = connection.subscribe(() => {
      stop();
      resolve();
    });
  });

/**
 * A part of the console that is loaded when it is needed. When the server is away it is waited for;
 * when the server is there and the part is not, a newer console has taken its place.
 */
export async function loadPart<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load();
  } catch (error) {
    if (await probe()) throw error;
    await found();
    return load();
  }
}
