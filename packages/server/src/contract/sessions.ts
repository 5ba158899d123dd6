import { z } from 'zod';
import { ROLES } from '../model/user.ts';
import { instantField, line, realmNameField } from './fields.ts';
import { PERMISSIONS } from './permission.ts';
import type { Route } from './route.ts';
import { passwordField, userNameField } from './users.ts';

const credentials = z
  .strictObject({
    realm: realmNameField.default('root'),
    userName: userNameField,
    password: z.string().min(1).max(128),
  })
  .meta({ id: 'SignIn' });

const passwordChange = z
  .strictObject({
    currentPassword: z.string().min(1).max(128),
    newPassword: passwordField,
  })
  .meta({ id: 'PasswordChange' });

/** Who the caller is, and what the caller may do. */
const sessionView = z
  .object({
    kind: z.enum(['user', 'client']),
    id: z.string(),
    name: line(255),
    realm: z.string(),
    roles: z.array(z.enum(ROLES)),
    permissions: z.array(z.enum(Object.keys(PERMISSIONS) as (keyof typeof PERMISSIONS)[])),
    everyRealm: z.boolean().meta({ description: 'Whether the permissions hold in every realm' }),
    passwordOneTime: z
      .boolean()
      .meta({ description: 'Nothing else is answered until the password is replaced' }),
    expiresAt: instantField.nullable().meta({ description: 'When the session or token ends' }),
  })
  .meta({ id: 'Session' });

export const SESSION_ROUTES = {
  openSession: {
    method: 'POST',
    path: '/api/session',
    tag: 'session',
    summary: 'Sign in',
    description: 'Answers with a cookie, good for eight hours.',
    permission: 'public',
    body: credentials,
    answer: sessionView,
    status: 200,
  },
  findSession: {
    method: 'GET',
    path: '/api/session',
    tag: 'session',
    summary: 'Show who is calling',
    permission: 'signed-in',
    answer: sessionView,
    status: 200,
  },
  closeSession: {
    method: 'DELETE',
    path: '/api/session',
    tag: 'session',
    summary: 'Sign out',
    permission: 'signed-in',
    status: 204,
  },
  changePassword: {
    method: 'POST',
    path: '/api/session/password',
    tag: 'session',
    summary: "Change one's own password",
    description: 'Ends every session of the user and answers with the cookie of a new one.',
    permission: 'signed-in',
    body: passwordChange,
    answer: sessionView,
    status: 200,
  },
} as const satisfies Readonly<Record<string, Route>>;
