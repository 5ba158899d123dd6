import { createRoute } from '@tanstack/react-router';
import { lazyScreen } from '../frame/lazy-screen.ts';
import { realmRoute, tabbed } from '../frame/parent-routes.ts';

const trust = createRoute({
  getParentRoute: () => realmRoute,
  path: '/trust',
  validateSearch: tabbed,
  component: lazyScreen(() => import('./trust-page.tsx'), 'TrustPage'),
});

export const TRUST_ROUTES = [trust] as const;
