import { nginxFiles } from './nginx-guide.ts';

/** What the guides in docs/apis show, filled in for one API. */
export type Guarded = {
  readonly issuer: string;
  readonly audience: string;
  readonly name: string;
  /** The first is asked for to read, the second to write. */
  readonly scopes: readonly string[];
  /** `id:secret` of the client that introspects, in base64, or what stands for it. */
  readonly basic: string;
};

export type Guide = {
  readonly name: string;
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly install?: string;
  readonly run?: string;
};

/** Names that the guides use themselves, or that the language has taken. */
const TAKEN = new Set(
  'add app c express guarded list mcp metadata request resourceMetadata resourceServer response say serve server socket token upgrade api delete new package import export class public private default'.split(
    ' ',
  ),
);

/** The name of the API as that of a variable. */
function nameVariable(name: string): string {
  const words = name.match(/[A-Za-z][A-Za-z0-9]*/g) ?? [];
  const variable = words
    .map((word, index) =>
      index === 0 ? word.toLowerCase() : `${word[0]?.toUpperCase()}${word.slice(1).toLowerCase()}`,
    )
    .join('');
  return variable === '' || variable.length > 30 || TAKEN.has(variable) ? 'api' : variable;
}

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const scoped = (scope: string | undefined): string =>
  scope === undefined ? '{}' : `{ scope: ${quote(scope)} }`;

const lines = (...parts: readonly (string | false)[]): string =>
  parts.filter((part) => part !== false).join('\n');

/** Where the API is, as its audience says; an audience that is no address says nothing. */
function placeOf(audience: string) {
  const url = /^https?:/.test(audience) && URL.canParse(audience) ? new URL(audience) : undefined;
  return {
    known: url !== undefined,
    host: url?.hostname ?? 'localhost',
    path: url === undefined || url.pathname === '' ? '/' : url.pathname,
    port: url?.protocol === 'http:' && url.port !== '' ? url.port : '3000',
  };
}

export function guidesOf(guarded: Guarded): readonly Guide[] {
  const { issuer, audience, name } = guarded;
  const [read, write] = guarded.scopes;
  const { known, host, path, port } = placeOf(audience);
  const at = quote(path);
  const api = nameVariable(name);
  const declare = (scopes: readonly string[]) =>
    lines(
      `const ${api} = resourceServer({`,
      `  issuer: ${quote(issuer)},`,
      `  audience: ${quote(audience)},`,
      known && `  resource: { name: ${quote(name)}, scopes: [${scopes.map(quote).join(', ')}] },`,
      '});',
    );
  const both = [read, write].filter((scope) => scope !== undefined);
  const imports = known ? 'requireToken, resourceMetadata' : 'requireToken';
  const file = (text: string) => [{ name: 'server.ts', text }];
  const run = 'node server.ts';
  return [
    {
      name: 'Express',
      install:
        'npm install express @tessera/resource-server && npm install --save-dev @types/express',
      run,
      files: file(
        lines(
          `import { resourceServer } from '@tessera/resource-server';`,
          `import { ${imports} } from '@tessera/resource-server/express';`,
          `import express from 'express';`,
          '',
          declare(both),
          '',
          'const app = express();',
          known && `app.use(resourceMetadata(${api}));`,
          `app.get(${at}, requireToken(${api}, ${scoped(read)}), (request, response) => {`,
          '  response.json({ hello: request.token.clientId });',
          '});',
          write !== undefined &&
            lines(
              `app.post(${at}, requireToken(${api}, ${scoped(write)}), (_request, response) => {`,
              '  response.status(201).json({});',
              '});',
            ),
          `app.listen(${port});`,
        ),
      ),
    },
    {
      name: 'Fastify',
      install: 'npm install fastify @tessera/resource-server',
      run,
      files: file(
        lines(
          `import { resourceServer } from '@tessera/resource-server';`,
          `import { ${imports} } from '@tessera/resource-server/fastify';`,
          `import Fastify from 'fastify';`,
          '',
          declare(both),
          '',
          'const app = Fastify();',
          known && `app.addHook('onRequest', resourceMetadata(${api}));`,
          `app.get(${at}, { onRequest: requireToken(${api}, ${scoped(read)}) }, (request, reply) =>`,
          '  reply.send({ hello: request.token.clientId }),',
          ');',
          write !== undefined &&
            lines(
              `app.post(${at}, { onRequest: requireToken(${api}, ${scoped(write)}) }, (_request, reply) =>`,
              '  reply.code(201).send({}),',
              ');',
            ),
          `await app.listen({ port: ${port} });`,
        ),
      ),
    },
    {
      name: 'Hono',
      install: 'npm install hono @hono/node-server @tessera/resource-server',
      run,
      files: file(
        lines(
          `import { serve } from '@hono/node-server';`,
          `import { resourceServer } from '@tessera/resource-server';`,
          `import { ${imports} } from '@tessera/resource-server/hono';`,
          `import { Hono } from 'hono';`,
          '',
          declare(both),
          '',
          'const app = new Hono();',
          known && `app.use(resourceMetadata(${api}));`,
          `app.get(${at}, requireToken(${api}, ${scoped(read)}), (c) =>`,
          `  c.json({ hello: c.get('token').clientId }),`,
          ');',
          write !== undefined &&
            `app.post(${at}, requireToken(${api}, ${scoped(write)}), (c) => c.json({}, 201));`,
          `serve({ fetch: app.fetch, port: ${port} });`,
        ),
      ),
    },
    {
      name: 'node:http',
      install: 'npm install @tessera/resource-server',
      run,
      files: file(
        lines(
          `import { createServer } from 'node:http';`,
          `import { resourceServer } from '@tessera/resource-server';`,
          `import { ${known ? 'requireToken, requireTokenToUpgrade, resourceMetadata' : 'requireToken, requireTokenToUpgrade'} } from '@tessera/resource-server/node';`,
          '',
          declare(both),
          '',
          known && `const metadata = resourceMetadata(${api});`,
          `const list = requireToken(${api}, ${scoped(read)}, (_request, response, token) => {`,
          '  response.end(JSON.stringify({ hello: token.clientId }));',
          '});',
          write !== undefined &&
            lines(
              `const add = requireToken(${api}, ${scoped(write)}, (_request, response) => {`,
              '  response.writeHead(201).end();',
              '});',
            ),
          '',
          'const server = createServer((request, response) => {',
          known && '  if (metadata(request, response)) return;',
          `  if (request.url !== ${at}) response.writeHead(404).end();`,
          write === undefined
            ? '  else void list(request, response);'
            : `  else void (request.method === 'POST' ? add : list)(request, response);`,
          '});',
          '',
          '// A connection becomes something else only for who may read: here a line of text, elsewhere a WebSocket.',
          `const upgrade = requireTokenToUpgrade(${api}, ${scoped(read)}, (_request, socket, _head, token) => {`,
          // biome-ignore lint/suspicious/noTemplateCurlyInString: the code that is shown has it
          '  socket.end(`HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: text\\r\\nConnection: Upgrade\\r\\n\\r\\n${token.clientId}`);',
          '});',
          `server.on('upgrade', (request, socket, head) => void upgrade(request, socket, head));`,
          `server.listen(${port});`,
        ),
      ),
    },
    ...(known
      ? [
          {
            name: 'MCP',
            install:
              'npm install @modelcontextprotocol/server @hono/node-server zod @tessera/resource-server',
            run,
            files: file(mcp({ api, read, write, host, port, declared: declare(both.slice(0, 1)) })),
          },
        ]
      : []),
    { name: 'nginx', files: nginxFiles({ ...guarded, path }) },
  ];
}

function mcp({
  api,
  read,
  write,
  host,
  port,
  declared,
}: {
  readonly api: string;
  readonly read: string | undefined;
  readonly write: string | undefined;
  readonly host: string;
  readonly port: string;
  readonly declared: string;
}): string {
  const challenge = (scope: string | undefined) =>
    scope === undefined ? '' : `, scopeChallenge: requireScopes(${quote(scope)})`;
  return lines(
    `import { serve } from '@hono/node-server';`,
    'import {',
    '  createMcpHandler,',
    '  McpServer,',
    '  originValidationResponse,',
    read !== undefined && '  requireScopes,',
    `} from '@modelcontextprotocol/server';`,
    `import { resourceServer } from '@tessera/resource-server';`,
    `import { requireToken, resourceMetadata } from '@tessera/resource-server/mcp';`,
    '',
    declared,
    '',
    'const mcp = createMcpHandler(({ authInfo }) => {',
    `  const server = new McpServer({ name: ${quote(api)}, version: '1.0.0' });`,
    `  const say = (text: string) => ({ content: [{ type: 'text' as const, text }] });`,
    '  server.registerTool(',
    `    'who_am_i',`,
    `    { description: 'Says who calls.'${challenge(read)} },`,
    `    () => say(authInfo?.clientId ?? ''),`,
    '  );',
    write !== undefined &&
      lines(
        '  server.registerTool(',
        `    'erase',`,
        `    { description: 'Erases everything.'${challenge(write)} },`,
        `    () => say('Erased.'),`,
        '  );',
      ),
    '  return server;',
    '});',
    '',
    `const metadata = resourceMetadata(${api});`,
    `const guarded = requireToken(${api}, {}, mcp.fetch);`,
    'serve({',
    '  // Pages in browsers have no business here, whatever name they reached this machine by.',
    '  fetch: (request) =>',
    `    originValidationResponse(request, [${quote(host)}]) ?? metadata(request) ?? guarded(request),`,
    `  port: ${port},`,
    '});',
  );
}
