import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Environment } from '../environment.ts';

/** The console as it was built: beside this package, as far from `src/` as from `dist/`. */
const CONSOLE_SITE = fileURLToPath(new URL('../../../console/dist/site', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Assets have the digest of what is in them in their names: the same name is the same file. */
const FOREVER = 'public, max-age=31536000, immutable';

/**
 * Serves the web console below `/console/`: files of the build, and its one page for every address
 * that is none, because the console reads the rest of the address itself. Nothing is read from the
 * disk by a name that came with a request: only what was there at the start exists.
 */
export function registerConsole(
  app: FastifyInstance,
  { random }: Pick<Environment, 'random'>,
  site = CONSOLE_SITE,
): void {
  const page = existsSync(join(site, 'index.html'))
    ? readFileSync(join(site, 'index.html'), 'utf8')
    : undefined;
  const files = page === undefined ? new Map<string, never>() : listFiles(site);

  app.get('/console', (_request, reply) => reply.redirect('/console/', 308));
  app.get('/console/*', (request, reply) => {
    const name = (request.params as { '*': string })['*'];
    const file = files.get(name);
    if (file !== undefined) return sendFile(request, reply, file);
    // What has an ending was a file of an earlier build, and is no address of a screen.
    if (page === undefined || name.startsWith('assets/')) return sendMissing(reply, page);
    return sendPage(reply, page, Buffer.from(random.bytes(18)).toString('base64'));
  });
}

type File = {
  readonly path: string;
  readonly type: string;
  readonly cache: string;
  /** What was sent before, by the ending of how it is packed. */
  readonly contents: Map<string, Buffer | undefined>;
};

function listFiles(site: string): ReadonlyMap<string, File> {
  const files = new Map<string, File>();
  for (const entry of readdirSync(site, { recursive: true, withFileTypes: true })) {
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(site.length + 1).replaceAll('\\', '/');
    const cache = name.startsWith('assets/') ? FOREVER : 'public, max-age=3600';
    files.set(name, { path, type, cache, contents: new Map() });
  }
  return files;
}

function sendFile(request: FastifyRequest, reply: FastifyReply, file: File): FastifyReply {
  secure(reply)
    .header('content-type', file.type)
    .header('cache-control', file.cache)
    .header('vary', 'Accept-Encoding');
  const accepted = request.headers['accept-encoding'] ?? '';
  for (const [coding, ending] of ENCODINGS) {
    const packed = accepted.includes(coding) ? contentOf(file, ending) : undefined;
    if (packed !== undefined) return reply.header('content-encoding', coding).send(packed);
  }
  return reply.send(contentOf(file, ''));
}

/** Read once: all files together are a few megabytes. */
function contentOf({ path, contents }: File, ending: string): Buffer | undefined {
  if (!contents.has(ending))
    contents.set(ending, existsSync(path + ending) ? readFileSync(path + ending) : undefined);
  return contents.get(ending);
}

/** Made by the build, best first. */
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/**
 * The page, each time with another nonce for the styles that the console makes as it runs. No
 * script may run but those of the build. CSP Level 3 §6.1, §6.7
 */
function sendPage(reply: FastifyReply, page: string, nonce: string): FastifyReply {
  return secure(reply)
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header(
      'content-security-policy',
      [
        "default-src 'none'",
        "script-src 'self'",
        `style-src 'self' 'nonce-${nonce}'`,
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ].join('; '),
    )
    .send(page.replace('nonce=""', `nonce="${nonce}"`));
}

const sendMissing = (reply: FastifyReply, page: string | undefined): FastifyReply =>
  secure(reply)
    .code(404)
    .header('content-type', 'text/plain; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(
      page === undefined
        ? 'The console has not been built. Build it: npm run build\n'
        : 'No such file. Load the console anew.\n',
    );

const secure = (reply: FastifyReply): FastifyReply =>
  reply
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cross-origin-opener-policy', 'same-origin')
    .header('x-frame-options', 'DENY');
