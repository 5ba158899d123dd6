import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { realmRoute, searchable, tabbed } from '../frame/parent-routes.ts';

const apis = createRoute({
  getParentRoute: () => realmRoute,
  path: '/apis',
  validateSearch: searchable,
  component: lazyRouteComponent(() => import('./api-list.tsx'), 'ApiList'),
});
const api = createRoute({
  getParentRoute: () => realmRoute,
  path: '/apis/$apiId',
  validateSearch: tabbed,
  component: lazyRouteComponent(() => import('./api-page.tsx'), 'ApiPage'),
});

export const API_ROUTES = [apis, api] as const;
