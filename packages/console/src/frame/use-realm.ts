import { useParams } from '@tanstack/react-router';

let latest: string | undefined;

/** Told by the router whenever a screen of a realm is opened. */
export const rememberRealm = (realm: string): void => {
  latest = realm;
};

/** The realm that was looked at last, if any was since the console was loaded. */
export const latestRealm = (): string | undefined => latest;

/** The realm of the address; on screens of the whole server, the one that people came from. */
export const useRealm = (): string => useParams({ strict: false }).realm ?? latest ?? 'root';
