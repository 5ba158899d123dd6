import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { realmRoute, tabbed } from '../frame/parent-routes.ts';

const policies = createRoute({
  getParentRoute: () => realmRoute,
  path: '/policies',
  validateSearch: tabbed,
  component: lazyRouteComponent(() => import('./policies-page.tsx'), 'PoliciesPage'),
});

export const POLICY_ROUTES = [policies] as const;
