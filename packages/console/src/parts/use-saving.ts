import { useState } from 'react';
import { ProblemError } from '../api/problem.ts';

type Form = {
  readonly setErrors: (errors: Record<string, string>) => void;
  readonly values: object;
};

/**
 * Sends what a form holds. What the server says of one field is shown beside it, all else above the
 * form; nothing that was typed is lost.
 */
export function useSaving(form: Form): {
  readonly busy: boolean;
  readonly error: unknown;
  readonly save: (send: () => Promise<unknown>) => Promise<boolean>;
  readonly clear: () => void;
} {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  return {
    busy,
    error,
    clear: () => setError(undefined),
    async save(send) {
      setBusy(true);
      setError(undefined);
      try {
        await send();
        return true;
      } catch (caught) {
        if (caught instanceof ProblemError) {
          const told = { ...caught.paths, ...caught.fields };
          const shown = Object.entries(told).filter(
            ([name]) => (name.split('.', 1)[0] ?? '') in form.values,
          );
          form.setErrors(Object.fromEntries(shown));
        }
        setError(caught);
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
