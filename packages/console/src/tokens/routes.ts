import { createRoute } from '@tanstack/react-router';
import { lazyScreen } from '../frame/lazy-screen.ts';
import { realmRoute } from '../frame/parent-routes.ts';

const playground = createRoute({
  getParentRoute: () => realmRoute,
  path: '/playground',
  validateSearch: ({ client }: Readonly<Record<string, unknown>>): { client?: string } =>
    typeof client === 'string' && client !== '' ? { client } : {},
  component: lazyScreen(() => import('./playground.tsx'), 'Playground'),
});
const inspector = createRoute({
  getParentRoute: () => realmRoute,
  path: '/inspector',
  component: lazyScreen(() => import('./inspector.tsx'), 'Inspector'),
});

export const TOKEN_ROUTES = [playground, inspector] as const;
