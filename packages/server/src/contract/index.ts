/** The administration API as data, for whoever calls it: console, command line, tests. */
export { describeAdminApi, SESSION_COOKIE } from './openapi.ts';
export { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from './paging.ts';
export { ALL_PERMISSIONS, isPermission, PERMISSIONS, type Permission } from './permission.ts';
export { describeProblem, type Problem } from './problem.ts';
export { type InputProblem, readInput } from './read-input.ts';
export { CHOSEN_SECRETS_MAX, realmFile } from './realm-file.ts';
export type { AdminRefusal, AdminRefusalReason } from './refusal.ts';
export { ROLE_POWERS } from './roles.ts';
export { type Frozen, type Method, type Route, TAGS, type Tag } from './route.ts';
export {
  ADMIN_ROUTES,
  type AdminRoutes,
  type Answer,
  adminRoutes,
  type Body,
  type Input,
  RESOURCE_ROUTES,
  type ResourceRouteName,
  type RouteName,
  type SessionRouteName,
} from './routes.ts';
export { USAGE_TOP_MAX } from './usage.ts';
