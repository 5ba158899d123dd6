import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { serverRoute } from '../frame/parent-routes.ts';

const nodes = createRoute({
  getParentRoute: () => serverRoute,
  path: '/nodes',
  component: lazyRouteComponent(() => import('./nodes-page.tsx'), 'NodesPage'),
});

export const NODE_ROUTES = [nodes] as const;
