import { createRoute } from '@tanstack/react-router';
import { lazyScreen } from '../frame/lazy-screen.ts';
import { realmRoute, searchable, serverRoute, tabbed } from '../frame/parent-routes.ts';

const discovery = createRoute({
  getParentRoute: () => realmRoute,
  path: '/discovery',
  validateSearch: tabbed,
  component: lazyScreen(() => import('./discovery.tsx'), 'Discovery'),
});
const apiReference = createRoute({
  getParentRoute: () => serverRoute,
  path: '/api-reference',
  validateSearch: (search: Readonly<Record<string, unknown>>) => ({
    ...tabbed(search),
    ...searchable(search),
  }),
  component: lazyScreen(() => import('./api-reference.tsx'), 'ApiReference'),
});

export const DISCOVERY_ROUTES = [discovery] as const;
export const REFERENCE_ROUTES = [apiReference] as const;
