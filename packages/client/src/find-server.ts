import type { ServerMetadata } from '@tessera/protocol';
import { discover } from './discover.ts';
import type { Transport } from './exchange.ts';
import type { Elapsed, Stopwatch } from './stopwatch.ts';

/** Where the server is: one of the three. */
export type ServerAddress =
  /** Discovered when the first token is wanted. RFC 8414 §3. */
  | { readonly issuer: string; readonly server?: undefined; readonly tokenEndpoint?: undefined }
  /** Known already, from `discover` or by hand. */
  | {
      readonly server: ServerMetadata;
      readonly issuer?: undefined;
      readonly tokenEndpoint?: undefined;
    }
  /** The endpoint alone, for servers without metadata; assertions need the issuer, too. */
  | {
      readonly tokenEndpoint: string;
      readonly issuer?: string | undefined;
      readonly server?: undefined;
    };

export type ServerFinder = {
  /** Its metadata. Rejects like `discover` while none are known. */
  find(transport: Transport): Promise<ServerMetadata>;
  /** An endpoint that does not answer as one may have moved: the next `find` looks anew. */
  doubt(): void;
};

/** Metadata is looked at again after this; endpoints move seldom, and are announced. */
const FRESH_SECONDS = 3600;

/** How long metadata counts while no newer can be had. */
const USABLE_SECONDS = 24 * 3600;

type Known = { readonly server: ServerMetadata; readonly age: Elapsed };

/**
 * Finds the server and remembers it: asked for once however many wait, renewed in the background
 * every hour. What is known stays in use while its renewal fails, for a day.
 */
export function serverFinder(address: ServerAddress, stopwatch: Stopwatch): ServerFinder {
  if (address.server !== undefined || address.tokenEndpoint !== undefined) {
    const { server = { issuer: address.issuer ?? '', token_endpoint: address.tokenEndpoint } } =
      address as { server?: ServerMetadata };
    return { find: async () => server as ServerMetadata, doubt: () => {} };
  }
  const { issuer } = address;
  let known: Known | undefined;
  let doubted = false;
  let pending: Promise<ServerMetadata> | undefined;
  let tried: Elapsed | undefined;

  const look = (transport: Transport): Promise<ServerMetadata> => {
    tried = stopwatch();
    // One caller's patience is not that of the others who wait for the same document.
    const { signal: _, ...shared } = transport;
    pending ??= discover(issuer, shared)
      .then((server) => {
        known = { server, age: stopwatch() };
        doubted = false;
        return server;
      })
      .finally(() => {
        pending = undefined;
      });
    return pending;
  };

  return {
    async find(transport) {
      if (known === undefined || known.age() >= USABLE_SECONDS) return look(transport);
      const { server } = known;
      // In doubt everybody waits for the new document; but the old one is better than none.
      if (doubted) return look(transport).catch(() => server);
      if (known.age() >= FRESH_SECONDS && (tried === undefined || tried() >= 60))
        look(transport).catch(() => {});
      return server;
    },
    doubt() {
      doubted = true;
    },
  };
}
