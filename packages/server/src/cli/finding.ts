import type { Config } from '../config.ts';
import type { Terminal } from './terminal.ts';

/** What one look found. */
export type Finding = {
  readonly about: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly found: string;
  readonly remedy?: string;
};

/** The next one who looks is told what earlier ones found. */
export type Known = {
  readonly terminal: Terminal;
  readonly config: Config;
  /** Whether a Tessera answers on the port of this configuration. */
  readonly running: boolean;
};

export const ok = (about: string, found: string): Finding => ({ about, state: 'ok', found });
export const warn = (about: string, found: string, remedy: string): Finding => ({
  about,
  state: 'warn',
  found,
  remedy,
});
export const fail = (about: string, found: string, remedy: string): Finding => ({
  about,
  state: 'fail',
  found,
  remedy,
});
