/** The exit codes of every command. They are part of the interface: scripts branch on them. */
export const EXIT_CODES = {
  ok: 0,
  error: 1,
  usage: 2,
  'not-found': 3,
  denied: 4,
  conflict: 5,
  unreachable: 6,
} as const;

export type FailureKind = Exclude<keyof typeof EXIT_CODES, 'ok'>;

/** What each of them tells. Printed in the documentation. */
export const EXIT_CODE_MEANINGS: { readonly [Kind in keyof typeof EXIT_CODES]: string } = {
  ok: 'done',
  error: 'it failed, for a reason that none of the others names',
  usage: 'the command line, a setting or a value given is wrong',
  'not-found': 'what was named does not exist',
  denied: 'not signed in, or not permitted',
  conflict: 'the present state does not allow it, or it was changed meanwhile',
  unreachable: 'the server or the database does not answer: try again later',
};

/**
 * A command that could not do what it was asked for: what went wrong, and what to do about it.
 *
 * At this edge a refusal becomes an exception, as in the client SDK: whatever a command was doing
 * ends there, and one place turns it into words and an exit code.
 */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly kind: FailureKind;
  /** What to do about it; one sentence. */
  readonly remedy: string;
  /** Each part that is wrong, when there are several. */
  readonly parts: readonly string[];

  constructor(kind: FailureKind, message: string, remedy: string, parts: readonly string[] = []) {
    super(message);
    this.kind = kind;
    this.remedy = remedy;
    this.parts = parts;
  }
}
