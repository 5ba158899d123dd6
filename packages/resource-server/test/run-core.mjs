// @ts-check
/* Runs the core by the surface that is named, or by the one that the runtime chooses itself. */
import { runCore } from './core-program.mjs';

const [, , given = '', surface = '@tessera/resource-server'] = process.argv;
const told = await runCore(await import(surface), JSON.parse(given));
// Connections that are kept open must not keep this open.
process.stdout.write(told, () => process.exit(0));
