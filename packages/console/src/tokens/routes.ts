import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { realmRoute } from '../frame/parent-routes.ts';

const playground = createRoute({
  getParentRoute: () => realmRoute,
  path: '/playground',
  validateSearch: ({ client }: Readonly<Record<string, unknown>>): { client?: string } =>
    typeof client === 'string' && client !== '' ? { client } : {},
  component: lazyRouteComponent(() => import('./playground.tsx'), 'Playground'),
});
const inspector = createRoute({
  getParentRoute: () => realmRoute,
  path: '/inspector',
  component: lazyRouteComponent(() => import('./inspector.tsx'), 'Inspector'),
});

export const TOKEN_ROUTES = [playground, inspector] as const;
