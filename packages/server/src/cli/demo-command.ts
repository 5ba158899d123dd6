import { Option } from 'commander';
import { defineCommand } from './command.ts';
import type { DemoFlags } from './demo-server.ts';

const each = (path: string, earlier: readonly string[] = []): readonly string[] => [
  ...earlier,
  path,
];

export const DEMO_COMMAND = defineCommand<DemoFlags>({
  name: 'demo',
  summary: 'Start a server with sample data and a sample API, and walk through the grant',
  description:
    'Everything listens on this machine alone, for the secrets are known to everybody. The data stays: start it again and all is still there. Remove the data directory to begin anew. Of the environment it takes TESSERA_OUTBOUND_ALLOW alone, so that a claims hook or a key set on this machine can be tried.\n\nWith --realm-file it is what the files say and nothing else, for a pipeline to test against (docs/ci.md): ready at once, and gone at the end.',
  local: true,
  options: [
    new Option('--port <port>', 'port of the authorization server; 0: any free').default('8080'),
    new Option('--api-port <port>', 'port of the sample API; 0: any free').default('8081'),
    new Option(
      '--data-dir <directory>',
      'where the data is kept (default: data/demo; with --realm-file nowhere)',
    ),
    new Option('--once', 'end when it would run on'),
    new Option(
      '--no-traffic',
      'leave out the sample clients that ask for tokens so that the console has something to show',
    ),
    new Option(
      '--realm-file <path>',
      'instead of the sample data: a realm file in JSON or YAML, or a folder of them; can be repeated',
    )
      .argParser(each)
      .conflicts('apiPort'),
    new Option(
      '--secret-file <path>',
      'with --realm-file: write the secrets that were made to a file for you alone instead of printing them; as variables where its name ends with .env, else as JSON',
    ),
    new Option(
      '--ready-file <path>',
      'with --realm-file: write the addresses, as JSON, to a file once requests are answered',
    ),
  ],
  examples: [
    'tessera demo',
    'tessera demo --port 9000 --api-port 9001 --data-dir /tmp/demo',
    'tessera demo --realm-file shop.yaml --secret-file shop.env',
  ],
  // With the server itself and the sample API, which no other command needs.
  run: async (invocation) =>
    invocation.flags.realmFile === undefined
      ? (await import('./demo.ts')).runDemo(invocation)
      : (await import('./demo-realm-files.ts')).runRealmFiles(invocation),
});
