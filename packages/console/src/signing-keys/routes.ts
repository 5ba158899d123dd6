import { createRoute } from '@tanstack/react-router';
import { lazyScreen } from '../frame/lazy-screen.ts';
import { realmRoute } from '../frame/parent-routes.ts';

const signingKeys = createRoute({
  getParentRoute: () => realmRoute,
  path: '/signing-keys',
  component: lazyScreen(() => import('./signing-keys-page.tsx'), 'SigningKeysPage'),
});

export const SIGNING_KEY_ROUTES = [signingKeys] as const;
