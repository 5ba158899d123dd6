import { Option } from 'commander';
import { defineCommand } from './command.ts';
import type { DemoFlags } from './demo.ts';

export const DEMO_COMMAND = defineCommand<DemoFlags>({
  name: 'demo',
  summary: 'Start a server with sample data and a sample API, and walk through the grant',
  description:
    'Everything listens on this machine alone, for the secrets are known to everybody. The data stays: start it again and all is still there. Remove the data directory to begin anew. Of the environment it takes TESSERA_OUTBOUND_ALLOW alone, so that a claims hook or a key set on this machine can be tried.',
  local: true,
  options: [
    new Option('--port <port>', 'port of the authorization server; 0: any free').default('8080'),
    new Option('--api-port <port>', 'port of the sample API; 0: any free').default('8081'),
    new Option('--data-dir <directory>', 'where the data is kept').default('data/demo'),
    new Option('--once', 'end after the walk instead of running on'),
  ],
  examples: ['tessera demo', 'tessera demo --port 9000 --api-port 9001 --data-dir /tmp/demo'],
  // With the server itself and the sample API, which no other command needs.
  run: async (invocation) => (await import('./demo.ts')).runDemo(invocation),
});
