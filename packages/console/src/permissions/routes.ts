import { createRoute } from '@tanstack/react-router';
import { lazyScreen } from '../frame/lazy-screen.ts';
import { realmRoute, searchable } from '../frame/parent-routes.ts';

type Search = { readonly search?: string; readonly api?: string; readonly granted?: true };

/** Which API it is about, and which clients are shown: a view of it can be sent to somebody. */
const readSearch = (given: Readonly<Record<string, unknown>>): Search => {
  const { search } = searchable(given);
  const { api, granted } = given;
  return {
    ...(search !== undefined && { search }),
    ...(typeof api === 'string' && { api }),
    ...(granted === true && { granted }),
  };
};

const permissions = createRoute({
  getParentRoute: () => realmRoute,
  path: '/permissions',
  validateSearch: readSearch,
  component: lazyScreen(() => import('./permissions-page.tsx'), 'PermissionsPage'),
});

export const PERMISSION_ROUTES = [permissions] as const;
