import { type Refusal, type Result, refuse, STATUS_LIST_TYPE } from '@tessera/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { answerAggregation, answerStatusList } from '../endpoints/status-list-endpoint.ts';
import type { Environment, PublicText } from '../environment.ts';
import { isRealmName, ROOT_REALM } from '../model/realm.ts';
import { type Handler, measured, refuseOtherMethods, refuseRequest } from './measured-route.ts';
import { pathOf, realmForms } from './realm-address.ts';
import { sendPublicText } from './send-public-text.ts';

const ENDPOINT = 'status-lists';
const PATH = `/${ENDPOINT}`;

/** Below the issuer and nowhere else: tokens name a list by one address. */
export function registerStatusListRoutes(app: FastifyInstance, env: Environment): void {
  for (const form of realmForms(`${env.addresses.contextPath}/oauth2`).slice(0, 2)) {
    const realmOf = (request: FastifyRequest): string | undefined => {
      const name = form.realmOf(request);
      // The router decodes: with a percent the same would have a second address.
      if (name === undefined || pathOf(request).includes('%')) return undefined;
      return name === ROOT_REALM || isRealmName(name) ? name : undefined;
    };
    const answering =
      (
        answer: (realm: string, request: FastifyRequest) => Promise<Result<PublicText, Refusal>>,
        type: string,
      ): Handler =>
      async (request, reply) => {
        const realm = realmOf(request);
        const outcome =
          realm === undefined
            ? refuse({ reason: 'realm_unknown' } as const)
            : await answer(realm, request);
        if (outcome.ok) await sendPublicText(request, reply, outcome.value, type);
        else refuseRequest(env, request, reply, ENDPOINT, outcome.refusal, realm);
      };
    const routes = [
      [form.prefix + PATH, answering((realm) => answerAggregation(env, realm), 'application/json')],
      [
        `${form.prefix}${PATH}/*`,
        answering(
          (realm, request) => answerStatusList(env, readRequest(realm, request)),
          STATUS_LIST_TYPE,
        ),
      ],
    ] as const;
    for (const [url, handler] of routes) {
      app.get(url, measured(env, ENDPOINT, handler));
      refuseOtherMethods(app, env, url, ENDPOINT, 'GET, HEAD');
    }
  }
}

function readRequest(realm: string, request: FastifyRequest) {
  const path = pathOf(request);
  const query = new URLSearchParams(request.url.slice(path.length + 1));
  return {
    realm,
    version: readVersion(query.get('version')),
    address: request.ip,
    name: path.slice(path.indexOf(`${PATH}/`) + PATH.length + 1),
    asksForHistory: query.has('time'),
  };
}

/** What is none asks for whatever there is: nobody who fetches a list is refused for it. */
const readVersion = (text: string | null): number =>
  /^\d{1,15}$/.test(text ?? '') ? Number(text) : 0;
