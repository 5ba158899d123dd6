// @ts-check
import { build, install, requireNode } from './prepare.mjs';

/* `npm run build`: compiles what has changed, and bundles the server. */

requireNode();
await install('product');
process.exitCode = await build();
