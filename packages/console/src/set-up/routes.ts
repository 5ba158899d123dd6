import { createRoute } from '@tanstack/react-router';
import { lazyScreen } from '../frame/lazy-screen.ts';
import { serverRoute } from '../frame/parent-routes.ts';

/** In no menu: people come here once, from the choice of their first password. */
const setUp = createRoute({
  getParentRoute: () => serverRoute,
  path: '/set-up',
  component: lazyScreen(() => import('./set-up-page.tsx'), 'SetUpPage'),
});

export const SET_UP_ROUTES = [setUp] as const;
