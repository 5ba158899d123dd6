import { lazyRouteComponent } from '@tanstack/react-router';
import { loadPart } from '../api/connection.ts';

/** A screen that is loaded when somebody goes there, also when the server is away meanwhile. */
export const lazyScreen: typeof lazyRouteComponent = (importer, name) =>
  lazyRouteComponent(() => loadPart(importer), name);
