import { ok, type Result, refuse } from '@tessera/protocol';
import type { FastifyRequest } from 'fastify';
import { authenticateAdministrator } from '../../admin/authenticate-administrator.ts';
import { closeSession } from '../../admin/sessions/close-session.ts';
import { type Opened, openSession } from '../../admin/sessions/open-session.ts';
import { ROOT_REALM } from '../../model/realm.ts';
import type { Reply } from '../../pingone/collection.ts';
import { type CrestRefusal, unreadable } from '../../pingone/crest.ts';
import { describeAdminRefusal } from '../../pingone/describe-refusal.ts';
import { readJson } from '../read-json.ts';
import { originOf } from '../session-routes.ts';
import { readCrestCaller } from './crest-caller.ts';
import type { CrestSurroundings } from './crest-surroundings.ts';

/*
 * Signing in as AM has it, by two headers, and asking how a session stands. It is the same session
 * that the console has; only its text travels otherwise.
 */

/** How AM writes where a realm is. */
const pathOf = (realm: string): string => (realm === ROOT_REALM ? '/' : `/${realm}`);

export type SignedIn = { readonly reply: Reply; readonly opened: Opened };

export async function authenticate(
  { env }: CrestSurroundings,
  realm: string | undefined,
  request: FastifyRequest,
): Promise<Result<SignedIn, CrestRefusal>> {
  if (realm === undefined) return refuse({ code: 401, message: 'Login failure' });
  const userName = headerOf(request, 'x-openam-username');
  const password = headerOf(request, 'x-openam-password');
  if (userName === undefined || password === undefined)
    return refuse({ code: 401, message: 'Send X-OpenAM-Username and X-OpenAM-Password.' });
  // No user has a longer name or password, and what was tried is remembered by its name.
  if (userName.length > 255 || password.length > 255)
    return refuse({ code: 401, message: 'Login failure' });
  const opened = await openSession(env, { realm, userName, password }, originOf(request));
  if (!opened.ok)
    return refuse(
      opened.refusal.reason === 'sign_in_failed'
        ? { code: 401, message: 'Login failure' }
        : describeAdminRefusal(opened.refusal),
    );
  // It would open nothing but its own replacement, of which this surface knows no way.
  if (opened.value.answer.passwordOneTime)
    return refuse({
      code: 401,
      message: 'The password is good for one sign-in. Replace it in the console, then come back.',
    });
  const { token: tokenId } = opened.value;
  const body = { tokenId, successUrl: '/am/console', realm: pathOf(realm) };
  return ok({ reply: { status: 200, body }, opened: opened.value });
}

/** Header values are bytes to Node; AM reads them as UTF-8. */
function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? Buffer.from(value, 'latin1').toString('utf8') : undefined;
}

/** `sessions?_action=…`: the session in the body, else the caller's own. */
export async function actOnSession(
  { env, callers, cookieName }: CrestSurroundings,
  request: FastifyRequest,
): Promise<Result<Reply, CrestRefusal>> {
  const json = readJson(request);
  if (!json.ok) return refuse(describeAdminRefusal(json.refusal));
  const tokenId = (json.value as { readonly tokenId?: unknown } | undefined)?.tokenId;
  const presented =
    typeof tokenId === 'string'
      ? ({ kind: 'cookie', token: tokenId, safe: true, origin: undefined } as const)
      : readCrestCaller(request, callers, cookieName);
  const found = await authenticateAdministrator(env, presented, env.clock.now());
  const { _action: action } = request.query as { readonly _action?: unknown };
  if (action === 'validate' && !found.ok) return ok({ status: 200, body: { valid: false } });
  if (!found.ok) return refuse(describeAdminRefusal(found.refusal));
  const administrator = found.value;
  const realm = pathOf(administrator.realm);
  if (action === 'validate')
    return ok({ status: 200, body: { valid: true, uid: administrator.name, realm } });
  if (action === 'logout') {
    const closed = await closeSession(env, administrator, originOf(request));
    return closed.ok
      ? ok({ status: 200, body: { result: 'Successfully logged out' } })
      : refuse(describeAdminRefusal(closed.refusal));
  }
  if (action !== 'getSessionInfo')
    return refuse(unreadable('_action must be getSessionInfo, validate or logout.'));
  const end = timeOf(administrator.expiresAt ?? env.clock.now());
  return ok({
    status: 200,
    body: {
      username: administrator.name,
      universalId: `id=${administrator.name},ou=user,ou=am-config`,
      realm,
      latestAccessTime: timeOf(env.clock.now()),
      // A session here ends when it ends, used or not.
      maxIdleExpirationTime: end,
      maxSessionExpirationTime: end,
      properties: {},
    },
  });
}

/** Without fractions, as AM writes it. */
const timeOf = (seconds: number): string =>
  new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
