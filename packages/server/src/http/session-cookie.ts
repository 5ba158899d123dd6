import type { Seconds } from '@tessera/protocol';
import { SESSION_COOKIE } from '../contract/openapi.ts';

/**
 * The cookie of a signed-in person. RFC 6265 §5.2 and its bis draft's §4.1.3.2: over https the
 * prefix `__Host-` keeps other hosts of the domain from setting it.
 */
export type SessionCookie = {
  /** Its value in a `Cookie` header; undefined when there is none, or more than one. */
  read(header: string | undefined): string | undefined;
  set(value: string, maxAge: Seconds): string;
  clear(): string;
};

export function sessionCookie(publicUrl: string): SessionCookie {
  const secure = publicUrl.startsWith('https:');
  const name = secure ? `__Host-${SESSION_COOKIE}` : SESSION_COOKIE;
  const attributes = `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  return {
    read(header) {
      const values = (header ?? '')
        .split(';')
        .map((pair) => pair.trim())
        .filter((pair) => pair.startsWith(`${name}=`))
        .map((pair) => pair.slice(name.length + 1));
      return values.length === 1 ? values[0] : undefined;
    },
    set: (value, maxAge) => `${name}=${value}; ${attributes}; Max-Age=${maxAge}`,
    clear: () => `${name}=; ${attributes}; Max-Age=0`,
  };
}
