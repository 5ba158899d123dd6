import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accountsEnvironment, createAccounts } from './accounts.ts';
import type { Address } from './connection.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import type { ClientAccounts } from './setting.ts';

/** The servers that are measured, in the order of the table. */
export const SUBJECT_NAMES = ['floor', 'tessera', 'oidc-provider'] as const;
export type SubjectName = (typeof SUBJECT_NAMES)[number];

type Paths = {
  readonly token: string;
  /** Where a token is asked for that is introspected later. */
  readonly tokenToIntrospect: string;
  readonly introspection: string;
  readonly jwks: string;
};

/** A server that can be started any number of times and is then the same. */
export type Subject = {
  readonly name: SubjectName;
  readonly paths: Paths;
  readonly accounts: ClientAccounts;
  /** The `htu` of a DPoP proof for its token endpoint: as it is known outside. */
  proofTarget(address: Address): string;
  /** oidc-provider refuses: "Structured JWT Tokens cannot be introspected". */
  readonly introspectsJwt: boolean;
  /** `nodeOptions` go to Node itself, for a profile. */
  start(core: number | undefined, nodeOptions: readonly string[]): Promise<ServerProcess>;
};

export function createFloor(directory: string): Subject {
  return createInMemorySubject('floor', directory, true, {
    token: '/token',
    tokenToIntrospect: '/token-to-introspect',
    introspection: '/introspect',
    jwks: '/jwks',
  });
}

export function createPeer(directory: string): Subject {
  return createInMemorySubject('oidc-provider', directory, false, {
    token: '/token',
    tokenToIntrospect: '/token',
    introspection: '/token/introspection',
    jwks: '/jwks',
  });
}

const FILES = { floor: './floor.js', 'oidc-provider': './peer.js' } as const;

function createInMemorySubject(
  name: keyof typeof FILES,
  directory: string,
  introspectsJwt: boolean,
  paths: Paths,
): Subject {
  const accounts = createAccounts();
  const file = fileURLToPath(new URL(FILES[name], import.meta.url));
  return {
    name,
    paths,
    accounts,
    introspectsJwt,
    proofTarget: ({ host, port }) => `http://${host}:${port}${paths.token}`,
    start: (core, nodeOptions) =>
      startServer({
        args: [...nodeOptions, file],
        environment: accountsEnvironment(accounts),
        core,
        logFile: join(directory, `${name}.log`),
      }),
  };
}
