import type { FastifyRequest } from 'fastify';
import {
  authenticateAdministrator,
  type Presented,
} from '../../admin/authenticate-administrator.ts';
import type { CallerReader } from '../read-caller.ts';
import type { CrestSurroundings } from './crest-surroundings.ts';

type Believed = ReturnType<typeof authenticateAdministrator>;
const believed = new WeakMap<FastifyRequest, Believed>();

/** Who calls: once for each request, for a proof is good for one time. */
export function believeCrestCaller(
  { env, callers, cookieName, surface }: CrestSurroundings,
  request: FastifyRequest,
): Believed {
  const known = believed.get(request);
  if (known !== undefined) return known;
  const presented = readCrestCaller(request, callers, cookieName);
  const asked = authenticateAdministrator(env, presented, env.clock.now(), surface);
  believed.set(request, asked);
  return asked;
}

/**
 * Who calls a surface of PingOne: a token, or a session, in a cookie or in a header of the cookie's
 * name. A page of another site can make a browser send the cookie, and no header of its choice.
 */
export function readCrestCaller(
  request: FastifyRequest,
  callers: CallerReader,
  cookieName: string,
): Presented {
  const { headers } = request;
  if (headers.authorization !== undefined) return callers.read(request);
  const inHeader = headers[cookieName.toLowerCase()];
  if (typeof inHeader === 'string') return { kind: 'cookie', token: inHeader, ...TRUSTED };
  const inCookie = readCookie(headers.cookie, cookieName);
  if (inCookie === undefined) return { kind: 'nothing' };
  const chosen =
    headers['accept-api-version'] !== undefined || headers['x-requested-with'] !== undefined;
  const safe = request.method === 'GET' || request.method === 'HEAD' || chosen;
  return { kind: 'cookie', token: inCookie, safe, origin: undefined };
}

const TRUSTED = { safe: true, origin: undefined } as const;

function readCookie(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 ? values[0] : undefined;
}
