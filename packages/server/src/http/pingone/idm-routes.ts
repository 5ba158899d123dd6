import type { FastifyInstance, FastifyRequest } from 'fastify';
import { APPLICATIONS } from '../../pingone/idm/applications.ts';
import { ACCOUNT_SCOPES, FEATURES } from '../../pingone/idm/environment.ts';
import { SERVICE_ACCOUNTS } from '../../pingone/idm/service-accounts.ts';
import { NO_THEMES } from '../../pingone/idm/themes.ts';
import { USERS } from '../../pingone/idm/users.ts';
import { registerCollection, registerDocument } from './crest-routes.ts';
import { registerCrestScope } from './crest-scope.ts';
import type { CrestSurroundings } from './crest-surroundings.ts';

const BASE = '/openidm';

/** The realm is part of a collection's name: `alpha_user`. */
const PREFIX = `${BASE}/managed/:realm(^[a-z0-9-]+)`;

const realmOf = ({ params }: FastifyRequest) => (params as { readonly realm?: string }).realm;

/** Adds IDM's administration, below `/openidm`, and what the cloud tells about itself. */
export function registerIdmRoutes(app: FastifyInstance, surroundings: CrestSurroundings): void {
  registerCrestScope(app, surroundings, BASE, (scope) => {
    registerCollection(scope, surroundings, `${BASE}/managed/svcacct`, SERVICE_ACCOUNTS);
    registerCollection(scope, surroundings, `${PREFIX}_user`, USERS, realmOf);
    registerCollection(scope, surroundings, `${PREFIX}_application`, APPLICATIONS, realmOf);
    registerDocument(scope, surroundings, `${BASE}/config/ui/themerealm`, NO_THEMES);
  });
  registerCrestScope(app, surroundings, '/environment', (scope) => {
    registerDocument(scope, surroundings, '/environment/scopes/service-accounts', ACCOUNT_SCOPES);
  });
  registerCrestScope(app, surroundings, '/feature', (scope) =>
    registerCollection(scope, surroundings, '/feature', FEATURES),
  );
}
