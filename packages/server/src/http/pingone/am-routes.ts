import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_LIFETIME } from '../../admin/sessions/new-session.ts';
import {
  ABSENT_IN_CONFIG,
  ABSENT_IN_REALM,
  AUTHENTICATION,
  NONE,
} from '../../pingone/am/absent.ts';
import { OAUTH2_CLIENTS } from '../../pingone/am/clients.ts';
import { REALMS } from '../../pingone/am/realms.ts';
import {
  ESV_STORE,
  ESV_STORES,
  GLOBAL_SECRET_STORES,
  REALM_SECRET_STORES,
  SECRET_MAPPINGS,
} from '../../pingone/am/secret-mappings.ts';
import { describeServer, describeVersion } from '../../pingone/am/server-info.ts';
import { GLOBAL_SERVICES, REALM_SERVICES } from '../../pingone/am/services.ts';
import { NOT_FOUND } from '../../pingone/crest.ts';
import { realmForms } from '../realm-address.ts';
import { actOnSession, authenticate } from './am-session.ts';
import { sendCrest } from './crest-reply.ts';
import { registerCollection, registerDocument } from './crest-routes.ts';
import { registerCrestScope } from './crest-scope.ts';
import type { CrestSurroundings } from './crest-surroundings.ts';

/** Addresses that anybody may call: the body has a session token, or nothing. */
const OPEN = { bodyLimit: 8_192 } as const;

/** Adds AM's administration, below `/am/json`. */
export function registerAmRoutes(
  app: FastifyInstance,
  surroundings: CrestSurroundings,
  contextPath: string,
): void {
  const { cookieName } = surroundings;
  const base = `${contextPath}/json`;
  registerCrestScope(app, surroundings, base, (scope) => {
    registerServerInfo(scope, surroundings, base);
    registerCollection(scope, surroundings, `${base}/global-config/realms`, REALMS);
    registerCollection(scope, surroundings, `${base}/global-config/services`, GLOBAL_SERVICES);
    const globalStores = `${base}/global-config/secrets/stores`;
    registerCollection(scope, surroundings, globalStores, GLOBAL_SECRET_STORES);
    for (const { prefix, realmOf } of realmForms(base)) {
      const config = `${prefix}/realm-config`;
      registerCollection(
        scope,
        surroundings,
        `${config}/agents/OAuth2Client`,
        OAUTH2_CLIENTS,
        realmOf,
      );
      registerCollection(scope, surroundings, `${config}/services`, REALM_SERVICES, realmOf);
      // Who asks for what is absent is a program of today, which uses no address from before realms.
      const absent = prefix.startsWith(`${base}/realms/`)
        ? [
            ...ABSENT_IN_CONFIG.map((kind) => `${config}/${kind}`),
            ...ABSENT_IN_REALM.map((kind) => `${prefix}/${kind}`),
          ]
        : [];
      for (const path of absent) registerCollection(scope, surroundings, path, NONE, realmOf);
      registerDocument(scope, surroundings, `${config}/authentication`, AUTHENTICATION, realmOf);
      const stores = `${config}/secrets/stores`;
      const esv = `${stores}/${ESV_STORE._type._id}`;
      registerCollection(scope, surroundings, stores, REALM_SECRET_STORES, realmOf);
      registerCollection(scope, surroundings, esv, ESV_STORES, realmOf);
      const mappings = `${esv}/${ESV_STORE._id}/mappings`;
      registerCollection(scope, surroundings, mappings, SECRET_MAPPINGS, realmOf);
      scope.post(`${prefix}/authenticate`, OPEN, async (request, reply) => {
        const entered = await authenticate(surroundings, realmOf(request), request);
        if (!entered.ok) return sendCrest(request, reply, entered);
        reply.header('set-cookie', cookieOf(surroundings, entered.value.opened.token));
        return sendCrest(request, reply, { ok: true, value: entered.value.reply });
      });
      const sessions = async (request: FastifyRequest, reply: FastifyReply) =>
        sendCrest(request, reply, await actOnSession(surroundings, request));
      scope.post(`${prefix}/sessions`, OPEN, sessions);
      scope.post(`${prefix}/sessions/`, OPEN, sessions);
    }
  });

  function cookieOf({ env: { addresses } }: CrestSurroundings, token: string): string {
    const secure = addresses.publicUrl.startsWith('https:') ? '; Secure' : '';
    return `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict${secure}; Max-Age=${SESSION_LIFETIME}`;
  }
}

/** What anybody may know before signing in, and which version this passes for. */
function registerServerInfo(
  scope: FastifyInstance,
  { cookieName, env }: CrestSurroundings,
  base: string,
): void {
  for (const prefix of [base, `${base}/realms/root`, `${base}/realms/root/realms/:realm`]) {
    scope.get(`${prefix}/serverinfo/version`, async (request, reply) =>
      sendCrest(request, reply, { ok: true, value: { status: 200, body: describeVersion() } }),
    );
    scope.get(`${prefix}/serverinfo/:id`, async (request, reply) =>
      (request.params as { readonly id: string }).id === '*'
        ? sendCrest(request, reply, {
            ok: true,
            value: {
              status: 200,
              body: describeServer(cookieName, env.addresses.publicUrl),
            },
          })
        : sendCrest(request, reply, { ok: false, refusal: NOT_FOUND }),
    );
  }
}
