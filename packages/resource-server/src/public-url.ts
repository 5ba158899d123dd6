import type { PresentedRequest } from './presented-request.ts';

/** Finds the address under which the caller knows what it called. */
export type FindTarget = (request: PresentedRequest) => string | undefined;

/** Scheme and authority of a URL that came whole: the caller's word. */
const ORIGIN = /^https?:\/\/[^/?#]*/i;

/**
 * From the address of `/`, which is configured: the path that was called follows it. Never from
 * `Host` or from a whole URL, which say what the caller likes: a proof that was made for another
 * server would be good here. RFC 9449 §4.3
 */
export const targetBelow = (publicUrl: string): FindTarget => {
  const base = publicUrl.replace(/\/$/, '');
  return ({ url }) => {
    const path = url.replace(ORIGIN, '');
    return path.startsWith('/') ? base + path : `${base}/${path}`;
  };
};

/** An absolute address of http or https without query and fragment. */
export const isPublicUrl = (text: string): boolean =>
  /^https?:\/\/[^/?#@\s]+(?:\/[^?#\s]*)?$/i.test(text);

/** Scheme and authority of an address; undefined for what is none. */
export const originOf = (address: string): string | undefined =>
  isPublicUrl(address) ? ORIGIN.exec(address)?.[0] : undefined;
