import { createRoute } from '@tanstack/react-router';
import { lazyScreen } from '../frame/lazy-screen.ts';
import { serverRoute } from '../frame/parent-routes.ts';

const realms = createRoute({
  getParentRoute: () => serverRoute,
  path: '/realms',
  component: lazyScreen(() => import('./realm-list.tsx'), 'RealmList'),
});

type Search = Readonly<Record<string, unknown>>;

/** Which realm is to become like which. */
const compared = ({ from, to }: Search): { from?: string; to?: string } => ({
  ...(typeof from === 'string' && { from }),
  ...(typeof to === 'string' && { to }),
});

const compare = createRoute({
  getParentRoute: () => serverRoute,
  path: '/realms/compare',
  validateSearch: compared,
  component: lazyScreen(() => import('./compare-page.tsx'), 'ComparePage'),
});

export const REALM_ROUTES = [realms, compare] as const;
