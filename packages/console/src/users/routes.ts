import { createRoute } from '@tanstack/react-router';
import { lazyScreen } from '../frame/lazy-screen.ts';
import { realmRoute, searchable } from '../frame/parent-routes.ts';

const users = createRoute({
  getParentRoute: () => realmRoute,
  path: '/users',
  validateSearch: searchable,
  component: lazyScreen(() => import('./user-list.tsx'), 'UserList'),
});
const user = createRoute({
  getParentRoute: () => realmRoute,
  path: '/users/$userId',
  component: lazyScreen(() => import('./user-page.tsx'), 'UserPage'),
});

export const USER_ROUTES = [users, user] as const;
