import type { Role } from '../model/user.ts';
import { ALL_PERMISSIONS, type Permission } from './permission.ts';

const READING = ALL_PERMISSIONS.filter((permission) => permission.endsWith(':read'));

/** What each role is for, and what it permits. */
export const ROLE_POWERS: {
  readonly [Name in Role]: {
    readonly title: string;
    readonly description: string;
    readonly permissions: readonly Permission[];
  };
} = {
  administrator: {
    title: 'Administrator',
    description: 'Everything. In the root realm: in every realm, and the server itself.',
    permissions: ALL_PERMISSIONS,
  },
  'realm-administrator': {
    title: 'Realm administrator',
    description: 'Everything in the realm of the person, and nothing outside it.',
    permissions: ALL_PERMISSIONS,
  },
  auditor: {
    title: 'Auditor',
    description: 'Sees everything, changes nothing. In the root realm: in every realm.',
    permissions: READING,
  },
};
