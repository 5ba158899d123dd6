import { createRootRoute, createRoute } from '@tanstack/react-router';
import { Frame } from './frame.tsx';
import { NothingHere } from './nothing-here.tsx';
import { rememberRealm } from './use-realm.ts';

export const rootRoute = createRootRoute({ component: Frame, notFoundComponent: NothingHere });

/** Screens of one realm. */
export const realmRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/realms/$realm',
  beforeLoad: ({ params }) => rememberRealm(params.realm),
});

/** Screens of the whole server. */
export const serverRoute = createRoute({ getParentRoute: () => rootRoute, path: '/server' });

type Search = Readonly<Record<string, unknown>>;

/** Which part of a screen is shown, so that it can be linked to. */
export const tabbed = ({ tab }: Search): { tab?: string } =>
  typeof tab === 'string' ? { tab } : {};

/** What a list is searched for, and whether its dialog to make one is open. */
export const searchable = ({ search, new: open }: Search): { search?: string; new?: true } => ({
  ...(typeof search === 'string' && search !== '' && { search }),
  ...(open === true && { new: true }),
});
