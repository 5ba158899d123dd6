import { createRoute } from '@tanstack/react-router';
import { lazyScreen } from '../frame/lazy-screen.ts';
import { realmRoute, tabbed } from '../frame/parent-routes.ts';

const policies = createRoute({
  getParentRoute: () => realmRoute,
  path: '/policies',
  validateSearch: tabbed,
  component: lazyScreen(() => import('./policies-page.tsx'), 'PoliciesPage'),
});

export const POLICY_ROUTES = [policies] as const;
