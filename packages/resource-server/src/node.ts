import { nodePlatform } from './node-platform.ts';
import type { ResourceServerOptions } from './options.ts';
import { openResourceServer, type ResourceServer } from './resource-server.ts';

/** Guards an API on Node. Throws a TypeError at once for options that can never work. */
export const resourceServer = (options: ResourceServerOptions): ResourceServer =>
  openResourceServer(options, nodePlatform);
