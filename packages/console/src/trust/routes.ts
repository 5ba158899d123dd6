import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { realmRoute, tabbed } from '../frame/parent-routes.ts';

const trust = createRoute({
  getParentRoute: () => realmRoute,
  path: '/trust',
  validateSearch: tabbed,
  component: lazyRouteComponent(() => import('./trust-page.tsx'), 'TrustPage'),
});

export const TRUST_ROUTES = [trust] as const;
