// @ts-check
import { runCore } from './core-program.mjs';

process.stdout.write(await runCore(JSON.parse(process.argv[2] ?? '')));
