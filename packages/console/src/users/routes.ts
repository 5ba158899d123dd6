import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { realmRoute, searchable } from '../frame/parent-routes.ts';

const users = createRoute({
  getParentRoute: () => realmRoute,
  path: '/users',
  validateSearch: searchable,
  component: lazyRouteComponent(() => import('./user-list.tsx'), 'UserList'),
});
const user = createRoute({
  getParentRoute: () => realmRoute,
  path: '/users/$userId',
  component: lazyRouteComponent(() => import('./user-page.tsx'), 'UserPage'),
});

export const USER_ROUTES = [users, user] as const;
