import { z } from 'zod';
import { ROLES } from '../model/user.ts';
import { flag, idField, instantField, line, listOf, realmParams, revisionField } from './fields.ts';
import { keptAttributesField } from './kept-attributes.ts';
import { pageOf, searchQuery } from './paging.ts';
import type { Route } from './route.ts';

export const userNameField = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}$/,
    'must be 1 to 100 letters, digits or any of . _ @ + - and begin with a letter or digit',
  );

const personalName = line(100);

const emailField = z
  .string()
  .max(254)
  .regex(/^([^\s@\p{Cc}\p{Cs}]+@[^\s@\p{Cc}\p{Cs}]+)?$/u, 'must be an e-mail address, or empty');

/** For people. What a machine presents is a credential of a client. */
export const passwordField = line(128)
  .min(12)
  .meta({ format: 'password', description: '12 to 128 characters' });

const rolesField = listOf(z.enum(ROLES), ROLES.length);

const userView = z
  .object({
    realm: z.string(),
    id: z.string(),
    userName: z.string(),
    givenName: z.string(),
    familyName: z.string(),
    email: z.string(),
    enabled: z.boolean(),
    roles: z.array(z.enum(ROLES)),
    hasPassword: z.boolean().meta({ description: 'Whether the user can sign in' }),
    passwordOneTime: z
      .boolean()
      .meta({ description: 'The password must be replaced at the next sign-in' }),
    keptAttributes: keptAttributesField,
    createdAt: instantField,
    revision: revisionField,
  })
  .meta({ id: 'User' });

export const newUser = z
  .strictObject({
    id: idField.optional().meta({ description: 'Left out: one is made' }),
    userName: userNameField,
    givenName: personalName.default(''),
    familyName: personalName.default(''),
    email: emailField.default(''),
    enabled: z.boolean().default(true),
    roles: rolesField.default([]),
    keptAttributes: keptAttributesField.optional(),
    password: passwordField.optional().meta({ description: 'Without one nobody can sign in' }),
    passwordOneTime: z
      .boolean()
      .default(true)
      .meta({ description: 'Whether the password must be replaced at the first sign-in' }),
  })
  .meta({ id: 'NewUser' });

const userPatch = z
  .strictObject({
    userName: userNameField.optional(),
    givenName: personalName.optional(),
    familyName: personalName.optional(),
    email: emailField.optional(),
    enabled: z.boolean().optional(),
    roles: rolesField.optional(),
    keptAttributes: keptAttributesField.optional(),
  })
  .meta({ id: 'UserPatch' });

const newPassword = z
  .strictObject({
    password: passwordField
      .optional()
      .meta({ description: 'Left out: one is made and answered, this once' }),
    oneTime: z
      .boolean()
      .default(true)
      .meta({ description: 'Whether it must be replaced at the next sign-in' }),
  })
  .meta({ id: 'NewPassword' });

const passwordAnswer = z
  .object({
    password: z
      .string()
      .nullable()
      .meta({ description: 'The password that was made; null when one was given' }),
    oneTime: z.boolean(),
  })
  .meta({ id: 'PasswordAnswer' });

const userParams = realmParams.extend({ userId: idField });

export const USER_ROUTES = {
  listUsers: {
    method: 'GET',
    path: '/api/realms/{realm}/users',
    tag: 'users',
    summary: 'List users',
    permission: 'users:read',
    params: realmParams,
    query: searchQuery.extend({
      withRole: flag.meta({ description: 'Only those who hold a role' }),
    }),
    answer: pageOf('UserPage', userView),
    status: 200,
  },
  createUser: {
    method: 'POST',
    path: '/api/realms/{realm}/users',
    tag: 'users',
    summary: 'Create a user',
    permission: 'users:write',
    params: realmParams,
    body: newUser,
    answer: userView,
    status: 201,
    tagged: true,
    locates: 'id',
  },
  findUser: {
    method: 'GET',
    path: '/api/realms/{realm}/users/{userId}',
    tag: 'users',
    summary: 'Show a user',
    permission: 'users:read',
    params: userParams,
    answer: userView,
    status: 200,
    tagged: true,
  },
  updateUser: {
    method: 'PATCH',
    path: '/api/realms/{realm}/users/{userId}',
    tag: 'users',
    summary: 'Change a user',
    description:
      'Nobody can give a role that does more than they may do themselves. Other roles, or being disabled, end the sessions of the user.',
    permission: 'users:write',
    params: userParams,
    body: userPatch,
    answer: userView,
    status: 200,
    precondition: 'required',
    tagged: true,
  },
  deleteUser: {
    method: 'DELETE',
    path: '/api/realms/{realm}/users/{userId}',
    tag: 'users',
    summary: 'Delete a user',
    description: 'Applications of this owner stay, without this owner.',
    permission: 'users:write',
    params: userParams,
    status: 204,
    precondition: 'required',
  },
  setPassword: {
    method: 'POST',
    path: '/api/realms/{realm}/users/{userId}/password',
    tag: 'users',
    summary: 'Set the password of a user',
    description: 'Ends the sessions of the user.',
    permission: 'users:write',
    params: userParams,
    body: newPassword,
    answer: passwordAnswer,
    status: 200,
    precondition: 'optional',
  },
} as const satisfies Readonly<Record<string, Route>>;
