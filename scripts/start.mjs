// @ts-check
import { build, install, requireNode, run } from './prepare.mjs';

/* `npm start`: from a fresh clone to a running demo. Arguments go to `tessera demo`. */

requireNode();
await install('product');

const built = await build(['packages/server', 'examples/config-service']);
if (built !== 0) {
  console.error('The build failed; its messages are above.');
  process.exit(built);
}

process.exitCode = await run(process.execPath, [
  'packages/server/bin/tessera.js',
  'demo',
  ...process.argv.slice(2),
]);
