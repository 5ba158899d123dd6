import { createRoute } from '@tanstack/react-router';
import { lazyScreen } from '../frame/lazy-screen.ts';
import { realmRoute, tabbed } from '../frame/parent-routes.ts';
import { readApplicationSearch } from './application-search.ts';

const applications = createRoute({
  getParentRoute: () => realmRoute,
  path: '/applications',
  validateSearch: readApplicationSearch,
  component: lazyScreen(() => import('./application-list.tsx'), 'ApplicationList'),
});
const application = createRoute({
  getParentRoute: () => realmRoute,
  path: '/applications/$applicationId',
  validateSearch: tabbed,
  component: lazyScreen(() => import('./application-page.tsx'), 'ApplicationPage'),
});

export const APPLICATION_ROUTES = [applications, application] as const;
