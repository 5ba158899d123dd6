/** The claims of a JWT, to be looked at: nothing is verified. Undefined for anything else. */
export function decodeJwt(token: string): Readonly<Record<string, unknown>> | undefined {
  const [, payload] = token.split('.', 3);
  if (payload === undefined) return undefined;
  try {
    const binary = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
