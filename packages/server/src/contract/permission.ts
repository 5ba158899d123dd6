/**
 * What an administrator may do: an object and a verb. They are the scopes of the administration
 * API too, so a client that automates something is given exactly these.
 */
export const PERMISSIONS = {
  'realms:read': 'See the realm and its state',
  'realms:write': 'Change the realm; in the root realm also create and delete realms',
  'providers:read': "See the realm's OAuth 2.0 settings",
  'providers:write': "Change the realm's OAuth 2.0 settings",
  'users:read': 'See user profiles and their roles',
  'users:write': 'Create, change and delete users and set their passwords',
  'sessions:read': 'See who is signed in',
  'sessions:write': 'End sessions of others',
  'applications:read': 'See applications and their owners',
  'applications:write': 'Create, change and delete applications',
  'clients:read': 'See clients and what they may do',
  'clients:write': 'Register, change and delete clients',
  'credentials:read': 'See labels, dates and last use of client credentials',
  'credentials:write': 'Add, rotate and revoke client credentials',
  'apis:read': 'See APIs and their scopes',
  'apis:write': 'Create, change and delete APIs',
  'client-grants:read': 'See which client holds which scopes at which API',
  'client-grants:write': 'Give clients scopes at an API and take them away',
  'trust:read': 'See which certificate authorities and other issuers the realm believes',
  'trust:write': 'Say which certificate authorities and other issuers the realm believes',
  'signing-keys:read': "See the realm's signing keys",
  'signing-keys:write': "Rotate, retire and revoke the realm's signing keys",
  'tokens:read': 'See what a token stands for and whether it is active',
  'tokens:write': 'Revoke tokens',
  'usage:read': 'See how many tokens were issued, and to whom',
  'events:read': 'See what happened and who did it',
  'system:read': 'See nodes, versions and the database of the server',
} as const;

export type Permission = keyof typeof PERMISSIONS;

export const isPermission = (text: string): text is Permission => Object.hasOwn(PERMISSIONS, text);

export const ALL_PERMISSIONS: readonly Permission[] = Object.keys(PERMISSIONS).filter(isPermission);
