import { createRoute } from '@tanstack/react-router';
import { lazyScreen } from '../frame/lazy-screen.ts';
import { realmRoute } from '../frame/parent-routes.ts';
import type { EventSearch } from './event-search.ts';

const TEXTS = ['search', 'type', 'actor', 'subject', 'event'] as const;

const readSearch = (given: Readonly<Record<string, unknown>>): EventSearch => {
  const found: Record<string, unknown> = {};
  // What is typed may look like a number in the address.
  for (const name of TEXTS)
    if (typeof given[name] === 'string' || typeof given[name] === 'number')
      found[name] = String(given[name]);
  for (const name of ['days', 'at'] as const)
    if (typeof given[name] === 'number' && given[name] > 0) found[name] = given[name];
  return Object.fromEntries(
    Object.entries(found).filter(([, value]) => value !== ''),
  ) as EventSearch;
};

const events = createRoute({
  getParentRoute: () => realmRoute,
  path: '/audit',
  validateSearch: readSearch,
  component: lazyScreen(() => import('./event-list.tsx'), 'EventList'),
});

export const EVENT_ROUTES = [events] as const;
