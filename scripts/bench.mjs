// @ts-check
import { build, install, requireNode, run } from './prepare.mjs';

/* `npm run bench`: measures Tessera beside the floor and a peer. Arguments go to bench/. */

requireNode();
await install('everything');

const built = await build(['bench']);
if (built !== 0) {
  console.error('The build failed; its messages are above.');
  process.exit(built);
}

process.exitCode = await run(process.execPath, ['bench/dist/main.js', ...process.argv.slice(2)]);
