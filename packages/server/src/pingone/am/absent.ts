import { ok } from '@tessera/protocol';
import { readAttributes } from '../attributes.ts';
import type { Answered, Ask, Collection, Document } from '../collection.ts';
import { collect, type Resource } from '../crest.ts';
import { checkRealm } from './check-realm.ts';

/*
 * Kinds of objects that AM has and this server has none of. Who asks for all of them is told so; who
 * wants to make one is told that the address is none. Exports of everything ask for them by the way,
 * and would end at the first.
 */

/** Below `realm-config`. */
export const ABSENT_IN_CONFIG = [
  'agents/2.2_Agent',
  'agents/IdentityGatewayAgent',
  'agents/J2EEAgent',
  'agents/OAuth2Thing',
  'agents/RemoteConsentAgent',
  'agents/SharedAgent',
  'agents/SoapSTSAgent',
  'agents/SoftwarePublisher',
  'agents/TrustedJwtIssuer',
  'agents/WebAgent',
  'agents/groups',
  'authentication/authenticationtrees/trees',
  'authentication/chains',
  'federation/circlesoftrust',
  'federation/entityproviders/ws',
  'saml2',
  'services/SocialIdentityProviders',
  'webhooks',
] as const;

/** Of a realm itself. */
export const ABSENT_IN_REALM = ['applications', 'policies', 'resourcetypes', 'scripts'] as const;

export const NONE: Collection = {
  async query(ask, query) {
    const realm = await checkRealm(ask);
    if (!realm.ok) return realm;
    const collected = await collect(query, async () => ok({ items: [], next: undefined }));
    return collected.ok ? ok({ status: 200, body: collected.value }) : collected;
  },
  actions: {
    async nextdescendents(ask) {
      const realm = await checkRealm(ask);
      return realm.ok ? ok({ status: 200, body: { result: [] } }) : realm;
    },
  },
};

const SETTINGS: Resource = {
  _id: '',
  _rev: '0',
  _type: { _id: 'EMPTY', name: 'Core', collection: false },
};

/** `…/realm-config/authentication`: people sign in here in one way, of which nothing can be set. */
export const AUTHENTICATION: Document = {
  read: (ask) => answerSettings(ask),
  async put(ask, body) {
    const read = readAttributes({}, body);
    return read.ok ? answerSettings(ask) : read;
  },
};

async function answerSettings(ask: Ask): Answered {
  const realm = await checkRealm(ask);
  return realm.ok ? ok({ status: 200, body: SETTINGS }) : realm;
}
