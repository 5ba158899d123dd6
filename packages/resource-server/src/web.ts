import type { ResourceServerOptions } from './options.ts';
import { openResourceServer, type ResourceServer } from './resource-server.ts';
import { webPlatform } from './web-platform.ts';

/** Guards an API. Throws a TypeError at once for options that can never work. */
export const resourceServer = (options: ResourceServerOptions): ResourceServer =>
  openResourceServer(options, webPlatform);
