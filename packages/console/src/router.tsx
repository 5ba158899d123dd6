import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { queries } from './api/use-answer.ts';
import { Frame } from './frame/frame.tsx';
import { NothingHere } from './frame/nothing-here.tsx';
import type { Session } from './session/use-session.ts';

const root = createRootRoute({ component: Frame, notFoundComponent: NothingHere });

/** Where people begin: in the realm that they belong to, or the first below the root. */
const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    const session = queries.getQueryData<Session>(['findSession', {}, {}]);
    const realm = session === undefined || session.everyRealm ? 'alpha' : session.realm;
    throw redirect({ to: '/realms/$realm', params: { realm } });
  },
});

const realm = createRoute({ getParentRoute: () => root, path: '/realms/$realm' });

const searchable = (search: Record<string, unknown>): { search?: string; new?: true } => ({
  ...(typeof search['search'] === 'string' &&
    search['search'] !== '' && { search: search['search'] }),
  ...(search['new'] === true && { new: true }),
});

const overview = createRoute({
  getParentRoute: () => realm,
  path: '/',
  component: lazyRouteComponent(() => import('./overview/overview.tsx'), 'Overview'),
});
const applications = createRoute({
  getParentRoute: () => realm,
  path: '/applications',
  validateSearch: searchable,
  component: lazyRouteComponent(
    () => import('./applications/application-list.tsx'),
    'ApplicationList',
  ),
});
const application = createRoute({
  getParentRoute: () => realm,
  path: '/applications/$applicationId',
  validateSearch: (search: Record<string, unknown>): { tab?: string } =>
    typeof search['tab'] === 'string' ? { tab: search['tab'] } : {},
  component: lazyRouteComponent(
    () => import('./applications/application-page.tsx'),
    'ApplicationPage',
  ),
});
const users = createRoute({
  getParentRoute: () => realm,
  path: '/users',
  validateSearch: searchable,
  component: lazyRouteComponent(() => import('./users/user-list.tsx'), 'UserList'),
});
const user = createRoute({
  getParentRoute: () => realm,
  path: '/users/$userId',
  component: lazyRouteComponent(() => import('./users/user-page.tsx'), 'UserPage'),
});
const provider = createRoute({
  getParentRoute: () => realm,
  path: '/oauth2-provider',
  validateSearch: (search: Record<string, unknown>): { tab?: string } =>
    typeof search['tab'] === 'string' ? { tab: search['tab'] } : {},
  component: lazyRouteComponent(() => import('./provider/provider-page.tsx'), 'ProviderPage'),
});
const events = createRoute({
  getParentRoute: () => realm,
  path: '/audit',
  validateSearch: searchable,
  component: lazyRouteComponent(() => import('./events/event-list.tsx'), 'EventList'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    realm.addChildren([overview, applications, application, users, user, provider, events]),
  ]),
  basepath: BASE_PATH,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
