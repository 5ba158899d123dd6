import { type UseFormReturnType, useForm } from '@mantine/form';
import { useEffect, useState } from 'react';

export type ChangeForm<Values extends object> = UseFormReturnType<Values> & {
  /** The revision that the values began from: what `If-Match` names. RFC 9110 §13.1.1 */
  readonly revision: number;
  /** Goes on from what is there now, and keeps what was typed. */
  readonly rebase: () => void;
  /** From that wish until the form has gone on: nothing may be saved over the old revision. */
  readonly rebasing: boolean;
  /** Only what was typed: who may change some of it may not change the rest. Empty texts are null. */
  readonly changed: Changed<Values>;
};

/** Of a field that can be emptied (`number | ''`), null is what the API takes for empty. */
type Changed<Values> = {
  readonly [Name in keyof Values]?: Values[Name] extends infer Value
    ? Value extends ''
      ? null
      : Value
    : never;
};

/**
 * A form for something that is there and may change meanwhile. As long as nothing was typed it
 * follows what is there; afterwards it stays with the revision that it was typed over, so that
 * another person's change is noticed instead of undone.
 */
export function useChangeForm<Values extends object>(
  values: Values,
  revision: number,
): ChangeForm<Values> {
  const [held, setHeld] = useState(revision);
  const [rebasing, setRebasing] = useState(false);
  const form = useForm<Values>({ initialValues: values });
  const dirty = form.isDirty();
  useEffect(() => {
    if (held === revision) return setRebasing(false);
    if (dirty && !rebasing) return;
    const typed = Object.entries(form.values).filter(([member]) => form.isDirty(member));
    form.setInitialValues(values);
    form.setValues({ ...values, ...Object.fromEntries(typed) });
    setHeld(revision);
    setRebasing(false);
  }, [held, revision, dirty, rebasing, values, form]);
  const changed = Object.fromEntries(
    Object.entries(form.values)
      .filter(([member]) => form.isDirty(member))
      .map(([member, value]) => [member, value === '' ? null : value]),
  ) as Changed<Values>;
  return { ...form, revision: held, rebase: () => setRebasing(true), rebasing, changed };
}
