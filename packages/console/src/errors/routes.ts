import { createRoute } from '@tanstack/react-router';
import { lazyScreen } from '../frame/lazy-screen.ts';
import { realmRoute } from '../frame/parent-routes.ts';

type Search = { readonly client?: string; readonly days?: number };

const errors = createRoute({
  getParentRoute: () => realmRoute,
  path: '/errors',
  validateSearch: ({ client, days }: Readonly<Record<string, unknown>>): Search => ({
    ...(typeof client === 'string' && client !== '' && { client }),
    ...((days === 7 || days === 30) && { days }),
  }),
  component: lazyScreen(() => import('./errors-page.tsx'), 'ErrorsPage'),
});

export const ERROR_ROUTES = [errors] as const;
