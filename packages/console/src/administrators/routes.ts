import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { serverRoute } from '../frame/parent-routes.ts';

type Search = Readonly<Record<string, unknown>>;

const administrators = createRoute({
  getParentRoute: () => serverRoute,
  path: '/administrators',
  validateSearch: ({ tab, of }: Search): { tab?: string; of?: string } => ({
    ...(typeof tab === 'string' && { tab }),
    ...(typeof of === 'string' && { of }),
  }),
  component: lazyRouteComponent(() => import('./administrators-page.tsx'), 'AdministratorsPage'),
});

export const ADMINISTRATOR_ROUTES = [administrators] as const;
