/** Made from the server's contract and its command line when the console is built. */
declare module 'virtual:admin-routes' {
  /** `METHOD /path/{parameter}` of each operation. */
  export const ADDRESSES: Readonly<Record<string, string>>;
}

declare module 'virtual:admin-commands' {
  /** The command for an operation, where there is one. */
  export const COMMANDS: Readonly<
    Record<
      string,
      {
        readonly words: string;
        readonly operands: readonly string[];
        readonly bodyOperand?: string;
        readonly fields: readonly {
          readonly member: string;
          readonly flag: string;
          readonly kind: string;
        }[];
        readonly takesFile: boolean;
      }
    >
  >;
}

declare module 'virtual:admin-roles' {
  /** What each permission permits, in words. */
  export const PERMISSIONS: Readonly<Record<string, string>>;
  /** What people may be, and what each may do. */
  export const ROLES: readonly {
    readonly name: string;
    readonly title: string;
    readonly description: string;
    readonly permissions: readonly string[];
  }[];
}

declare module '*.css';

/** Where the server serves the console: `/console/`. */
declare const BASE_PATH: string;
