import type { AdminEnvironment } from '../../admin/use-case.ts';
import type { Environment } from '../../environment.ts';
import type { CallerReader } from '../read-caller.ts';

/** What every address of a surface of PingOne is served with. */
export type CrestSurroundings = {
  readonly env: AdminEnvironment & Pick<Environment, 'log'>;
  readonly callers: CallerReader;
  readonly cookieName: string;
  /** What audit events call it. */
  readonly surface: 'am' | 'idm';
};
