/** `METHOD /path/{parameter}` of each operation; made from the contract when the console is built. */
declare module 'virtual:admin-routes' {
  export const ADDRESSES: Readonly<Record<string, string>>;
}

declare module '*.css';

/** Where the server serves the console: `/console/`. */
declare const BASE_PATH: string;
