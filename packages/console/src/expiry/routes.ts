import { createRoute } from '@tanstack/react-router';
import { lazyScreen } from '../frame/lazy-screen.ts';
import { realmRoute } from '../frame/parent-routes.ts';

const expiry = createRoute({
  getParentRoute: () => realmRoute,
  path: '/expiry',
  /** Which month is looked at, so that it can be linked to: `2027-01`, or `overdue`. */
  validateSearch: ({ month }: Readonly<Record<string, unknown>>): { month?: string } =>
    typeof month === 'string' && /^(\d{4}-\d{2}|overdue)$/.test(month) ? { month } : {},
  component: lazyScreen(() => import('./expiry-page.tsx'), 'ExpiryPage'),
});

export const EXPIRY_ROUTES = [expiry] as const;
