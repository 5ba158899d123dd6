import { type DestinationStream, pino } from 'pino';
import type { Log } from '../environment.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * JSON lines on standard output. Nothing here hides secrets: they are never handed over. Errors
 * are written with their stack, since a fault is worth it.
 */
export function systemLog(level: LogLevel, destination?: DestinationStream): Log {
  const logger = pino({ level, base: { service: 'tessera' } }, destination);
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}
