import { createRoute } from '@tanstack/react-router';
import { lazyScreen } from '../frame/lazy-screen.ts';
import { serverRoute } from '../frame/parent-routes.ts';

type Search = Readonly<Record<string, unknown>>;

const administrators = createRoute({
  getParentRoute: () => serverRoute,
  path: '/administrators',
  validateSearch: ({ tab, of }: Search): { tab?: string; of?: string } => ({
    ...(typeof tab === 'string' && { tab }),
    ...(typeof of === 'string' && { of }),
  }),
  component: lazyScreen(() => import('./administrators-page.tsx'), 'AdministratorsPage'),
});

export const ADMINISTRATOR_ROUTES = [administrators] as const;
