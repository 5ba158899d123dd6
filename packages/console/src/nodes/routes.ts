import { createRoute } from '@tanstack/react-router';
import { lazyScreen } from '../frame/lazy-screen.ts';
import { serverRoute } from '../frame/parent-routes.ts';

const nodes = createRoute({
  getParentRoute: () => serverRoute,
  path: '/nodes',
  component: lazyScreen(() => import('./nodes-page.tsx'), 'NodesPage'),
});

export const NODE_ROUTES = [nodes] as const;
