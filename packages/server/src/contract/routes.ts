import { API_ROUTES } from './apis.ts';
import { APPLICATION_SUMMARY_ROUTES } from './application-summaries.ts';
import { APPLICATION_ROUTES } from './applications.ts';
import { CLIENT_CERTIFICATE_ROUTES } from './client-certificates.ts';
import { CLIENT_GRANT_ROUTES } from './client-grants.ts';
import { CLIENT_KEY_ROUTES } from './client-keys.ts';
import { CLIENT_ROUTES } from './clients.ts';
import { CREDENTIAL_ROUTES } from './credentials.ts';
import { ENDING_ROUTES } from './endings.ts';
import { EVENT_ROUTES } from './events.ts';
import { INITIAL_ACCESS_TOKEN_ROUTES } from './initial-access-tokens.ts';
import { PROVIDER_ROUTES } from './providers.ts';
import { REALM_FILE_ROUTES } from './realm-files.ts';
import { REALM_ROUTES } from './realms.ts';
import { REFUSAL_ROUTES } from './refusals.ts';
import type { AnswerOf, BodyOf, InputOf, Route } from './route.ts';
import { SESSION_ROUTES } from './sessions.ts';
import { SIGNED_IN_ROUTES } from './signed-in.ts';
import { SIGNING_KEY_ROUTES } from './signing-keys.ts';
import { SYSTEM_ROUTES } from './system.ts';
import { TOKEN_ROUTES } from './tokens.ts';
import { TRUSTED_AUTHORITY_ROUTES } from './trusted-authorities.ts';
import { TRUSTED_ISSUER_ROUTES } from './trusted-issuers.ts';
import { USAGE_ROUTES } from './usage.ts';
import { USER_ROUTES } from './users.ts';
import { WORKLOAD_ROUTES } from './workloads.ts';

/*
 * The administration API as data, safe in a browser. The server routes, checks permissions and
 * validates from it; the OpenAPI document, the command line, the console and the permission tests
 * are made from it. An operation that is not a row here does not exist.
 */

type ResourceRoutes = typeof REALM_ROUTES &
  typeof REALM_FILE_ROUTES &
  typeof PROVIDER_ROUTES &
  typeof USER_ROUTES &
  typeof APPLICATION_ROUTES &
  typeof APPLICATION_SUMMARY_ROUTES &
  typeof CLIENT_ROUTES &
  typeof INITIAL_ACCESS_TOKEN_ROUTES &
  typeof CREDENTIAL_ROUTES &
  typeof CLIENT_KEY_ROUTES &
  typeof CLIENT_CERTIFICATE_ROUTES &
  typeof WORKLOAD_ROUTES &
  typeof ENDING_ROUTES &
  typeof TRUSTED_ISSUER_ROUTES &
  typeof API_ROUTES &
  typeof CLIENT_GRANT_ROUTES &
  typeof TRUSTED_AUTHORITY_ROUTES &
  typeof SIGNING_KEY_ROUTES &
  typeof TOKEN_ROUTES &
  typeof USAGE_ROUTES &
  typeof EVENT_ROUTES &
  typeof SIGNED_IN_ROUTES &
  typeof SYSTEM_ROUTES &
  typeof REFUSAL_ROUTES;

/** Operations on what a realm holds: each behind a permission. */
export const RESOURCE_ROUTES: ResourceRoutes = {
  ...REALM_ROUTES,
  ...REALM_FILE_ROUTES,
  ...PROVIDER_ROUTES,
  ...USER_ROUTES,
  ...APPLICATION_ROUTES,
  ...APPLICATION_SUMMARY_ROUTES,
  ...CLIENT_ROUTES,
  ...INITIAL_ACCESS_TOKEN_ROUTES,
  ...CREDENTIAL_ROUTES,
  ...CLIENT_KEY_ROUTES,
  ...CLIENT_CERTIFICATE_ROUTES,
  ...WORKLOAD_ROUTES,
  ...ENDING_ROUTES,
  ...TRUSTED_ISSUER_ROUTES,
  ...API_ROUTES,
  ...CLIENT_GRANT_ROUTES,
  ...TRUSTED_AUTHORITY_ROUTES,
  ...SIGNING_KEY_ROUTES,
  ...TOKEN_ROUTES,
  ...USAGE_ROUTES,
  ...EVENT_ROUTES,
  ...SIGNED_IN_ROUTES,
  ...SYSTEM_ROUTES,
  ...REFUSAL_ROUTES,
};

export const ADMIN_ROUTES: ResourceRoutes & typeof SESSION_ROUTES = {
  ...SESSION_ROUTES,
  ...RESOURCE_ROUTES,
};

export type AdminRoutes = typeof ADMIN_ROUTES;
export type RouteName = keyof AdminRoutes;
export type ResourceRouteName = keyof ResourceRoutes;
export type SessionRouteName = keyof typeof SESSION_ROUTES;

export type Input<Name extends RouteName> = InputOf<AdminRoutes[Name]>;
export type Body<Name extends RouteName> = BodyOf<AdminRoutes[Name]>;
export type Answer<Name extends RouteName> = AnswerOf<AdminRoutes[Name]>;

/** The rows of the table, for whoever walks through all of them. */
export const adminRoutes = (): readonly (readonly [RouteName, Route])[] =>
  Object.entries(ADMIN_ROUTES) as [RouteName, Route][];
