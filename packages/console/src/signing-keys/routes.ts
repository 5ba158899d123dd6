import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { realmRoute } from '../frame/parent-routes.ts';

const signingKeys = createRoute({
  getParentRoute: () => realmRoute,
  path: '/signing-keys',
  component: lazyRouteComponent(() => import('./signing-keys-page.tsx'), 'SigningKeysPage'),
});

export const SIGNING_KEY_ROUTES = [signingKeys] as const;
