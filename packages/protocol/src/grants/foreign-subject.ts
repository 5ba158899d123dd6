/** What an id of a trusted issuer may be made of, and what stands between it and the subject. */
const FOREIGN = /^[A-Za-z0-9._~-]{1,64}\|/;

/**
 * The `sub` of a token about somebody whom another issuer knows: the id that the realm gave to the
 * issuer, then the subject as it is there.
 *
 * Two issuers may have the same name for two people, and either may call somebody `myClient`.
 * RFC 9068 §5: whoever can choose a `sub` must not be taken for another. So no client of ours has
 * an id of this form.
 */
export const formatForeignSubject = (issuerId: string, subject: string): string =>
  `${issuerId}|${subject}`;

/** Whether a text is, or would pass for, the subject of another issuer. */
export const isForeignSubject = (text: string): boolean => FOREIGN.test(text);
