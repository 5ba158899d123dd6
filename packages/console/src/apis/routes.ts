import { createRoute } from '@tanstack/react-router';
import { lazyScreen } from '../frame/lazy-screen.ts';
import { realmRoute, searchable, tabbed } from '../frame/parent-routes.ts';

const apis = createRoute({
  getParentRoute: () => realmRoute,
  path: '/apis',
  validateSearch: searchable,
  component: lazyScreen(() => import('./api-list.tsx'), 'ApiList'),
});
const api = createRoute({
  getParentRoute: () => realmRoute,
  path: '/apis/$apiId',
  validateSearch: tabbed,
  component: lazyScreen(() => import('./api-page.tsx'), 'ApiPage'),
});

export const API_ROUTES = [apis, api] as const;
