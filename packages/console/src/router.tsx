import { createRoute, createRouter } from '@tanstack/react-router';
import { ADMINISTRATOR_ROUTES } from './administrators/routes.ts';
import { API_ROUTES } from './apis/routes.ts';
import { APPLICATION_ROUTES } from './applications/routes.ts';
import { ERROR_ROUTES } from './errors/routes.ts';
import { EVENT_ROUTES } from './events/routes.ts';
import { EXPIRY_ROUTES } from './expiry/routes.ts';
import { Broken } from './frame/broken.tsx';
import { Home } from './frame/home.tsx';
import { lazyScreen } from './frame/lazy-screen.ts';
import { realmRoute, rootRoute, serverRoute, tabbed } from './frame/parent-routes.ts';
import { NODE_ROUTES } from './nodes/routes.ts';
import { PERMISSION_ROUTES } from './permissions/routes.ts';
import { POLICY_ROUTES } from './policies/routes.ts';
import { REALM_ROUTES } from './realms/routes.ts';
import { DISCOVERY_ROUTES, REFERENCE_ROUTES } from './reference/routes.ts';
import { SET_UP_ROUTES } from './set-up/routes.ts';
import { SIGNING_KEY_ROUTES } from './signing-keys/routes.ts';
import { TOKEN_ROUTES } from './tokens/routes.ts';
import { TRUST_ROUTES } from './trust/routes.ts';
import { USER_ROUTES } from './users/routes.ts';

const home = createRoute({ getParentRoute: () => rootRoute, path: '/', component: Home });
const overview = createRoute({
  getParentRoute: () => realmRoute,
  path: '/',
  component: lazyScreen(() => import('./overview/overview.tsx'), 'Overview'),
});
const provider = createRoute({
  getParentRoute: () => realmRoute,
  path: '/oauth2-provider',
  validateSearch: tabbed,
  component: lazyScreen(() => import('./provider/provider-page.tsx'), 'ProviderPage'),
});
export const router = createRouter({
  routeTree: rootRoute.addChildren([
    home,
    realmRoute.addChildren([
      overview,
      ...APPLICATION_ROUTES,
      ...API_ROUTES,
      ...PERMISSION_ROUTES,
      ...USER_ROUTES,
      ...TOKEN_ROUTES,
      ...SIGNING_KEY_ROUTES,
      ...TRUST_ROUTES,
      ...EXPIRY_ROUTES,
      provider,
      ...POLICY_ROUTES,
      ...ERROR_ROUTES,
      ...EVENT_ROUTES,
      ...DISCOVERY_ROUTES,
    ]),
    serverRoute.addChildren([
      ...REALM_ROUTES,
      ...ADMINISTRATOR_ROUTES,
      ...NODE_ROUTES,
      ...REFERENCE_ROUTES,
      ...SET_UP_ROUTES,
    ]),
  ]),
  basepath: BASE_PATH,
  defaultPreload: 'intent',
  defaultErrorComponent: Broken,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
