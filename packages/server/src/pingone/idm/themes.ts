import { ok, refuse } from '@tessera/protocol';
import type { Document } from '../collection.ts';
import { isObject, type Resource, unreadable } from '../crest.ts';

const THEMES: Resource = { _id: 'ui/themerealm', _rev: '0', realm: {} };

/**
 * `config/ui/themerealm`: how AM's pages look in each realm. There are no such pages here and no
 * themes; exports of everything ask for them, and write back that there are none.
 */
export const NO_THEMES: Document = {
  read: async () => ok({ status: 200, body: THEMES }),
  async put(_ask, body) {
    const realms = isObject(body) && isObject(body['realm']) ? body['realm'] : undefined;
    const isNone =
      realms !== undefined &&
      Object.values(realms).every((themes) => Array.isArray(themes) && themes.length === 0);
    return isNone
      ? ok({ status: 200, body: THEMES })
      : refuse(unreadable('realm must have no themes: there are no pages here that they are for.'));
  },
};
