import type { Ledger } from './ledger.ts';
import { OPERATIONS, type Writer } from './operations.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Service } from './service.ts';

const WRITERS = 8;

/** Resolves when the server is gone or `stopped` says so. */
export async function write(
  service: Service,
  ledger: Ledger,
  random: SeededRandom,
  stopped: () => boolean = () => false,
): Promise<void> {
  const writers = Array.from({ length: WRITERS }, (_, index) => ({
    service,
    ledger,
    random: random.fork(),
    prefix: `w${index}-`,
    first: index === 0,
  }));
  await Promise.all(writers.map((writer) => writeOn(writer, stopped)));
}

async function writeOn(writer: Writer, stopped: () => boolean): Promise<void> {
  while (!stopped()) {
    const operation = writer.random.one(OPERATIONS);
    try {
      await operation?.(writer);
    } catch (error) {
      if (!isConnectionLost(error)) throw error;
      return;
    }
  }
}

const isConnectionLost = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  ['ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(String(error.code));
