import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { realmRoute, searchable, serverRoute, tabbed } from '../frame/parent-routes.ts';

const discovery = createRoute({
  getParentRoute: () => realmRoute,
  path: '/discovery',
  validateSearch: tabbed,
  component: lazyRouteComponent(() => import('./discovery.tsx'), 'Discovery'),
});
const apiReference = createRoute({
  getParentRoute: () => serverRoute,
  path: '/api-reference',
  validateSearch: (search: Readonly<Record<string, unknown>>) => ({
    ...tabbed(search),
    ...searchable(search),
  }),
  component: lazyRouteComponent(() => import('./api-reference.tsx'), 'ApiReference'),
});

export const DISCOVERY_ROUTES = [discovery] as const;
export const REFERENCE_ROUTES = [apiReference] as const;
