import { z } from 'zod';
import { realmParams } from './fields.ts';
import { FILE_BYTES_MAX, realmFile } from './realm-file.ts';
import type { Route } from './route.ts';

const REALM_CHANGE_KINDS = [
  'realm',
  'provider',
  'trusted-authority',
  'trusted-issuer',
  'user',
  'api',
  'client',
  'key',
  'certificate',
  'workload',
  'client-grant',
  'application',
] as const;

const realmChange = z
  .object({
    action: z.enum(['create', 'update', 'delete']),
    kind: z.enum(REALM_CHANGE_KINDS),
    name: z.string().meta({ description: 'What people call it' }),
    pointer: z
      .string()
      .nullable()
      .meta({ description: 'Where the file says so, RFC 6901; null: nowhere, which is why' }),
    members: z
      .record(z.string(), z.object({ from: z.unknown().optional(), to: z.unknown().optional() }))
      .meta({ description: 'What is different: from what, to what' }),
  })
  .meta({ id: 'RealmChange' });

const changesMembers = {
  changes: z.array(realmChange).meta({ description: 'In the order in which they are made' }),
  keptCount: z
    .int()
    .meta({ description: 'How many things the file does not name, which are left as they are' }),
};

const realmDifferences = z.object(changesMembers).meta({ id: 'RealmDifferences' });

const appliedRealm = z
  .object({
    realm: z.string(),
    applied: z.boolean().meta({ description: 'false: it was only tried' }),
    ...changesMembers,
    secrets: z
      .array(z.object({ clientId: z.string(), label: z.string(), secret: z.string() }))
      .meta({ description: 'Those of clients that were made, shown this once' }),
  })
  .meta({ id: 'AppliedRealm' });

const pruneField = z
  .boolean()
  .meta({ description: 'Also take away what the sections of the file do not name' });
const dryRunField = z
  .boolean()
  .default(false)
  .meta({ description: 'Try it in full, by all rules, and leave everything as it was' });

export const REALM_FILE_ROUTES = {
  exportRealm: {
    method: 'GET',
    path: '/api/realms/{realm}/export',
    tag: 'realms',
    summary: 'Export a realm as a file',
    description:
      'Everything that administrators decided, and no secret, password or private key. Clients that registered themselves are not part of it. Takes the permissions to read all of that.',
    permission: 'realms:read',
    params: realmParams,
    answer: z
      .record(z.string(), z.unknown())
      .meta({ id: 'ExportedRealm', description: 'A RealmFile' }),
    status: 200,
  },
  compareRealm: {
    method: 'POST',
    path: '/api/realms/{realm}/compare',
    tag: 'realms',
    summary: 'Compare a realm with a file',
    description:
      'What would have to change for the realm to be what the file says. Nothing is changed, nor are the rules asked: see applyRealm with dryRun.',
    permission: 'realms:read',
    params: realmParams,
    body: z
      .strictObject({ file: realmFile, prune: pruneField.default(true) })
      .meta({ id: 'RealmComparison' }),
    bodyBytesMax: FILE_BYTES_MAX,
    answer: realmDifferences,
    status: 200,
  },
  applyRealm: {
    method: 'POST',
    path: '/api/realms/{realm}/apply',
    tag: 'realms',
    summary: 'Make a realm what a file says',
    description:
      'All of it or, if anything is refused, nothing. Applying a file twice changes nothing the second time. Each change takes the permission that it takes by itself.',
    permission: 'realms:read',
    params: realmParams,
    body: z
      .strictObject({ file: realmFile, prune: pruneField.default(false), dryRun: dryRunField })
      .meta({ id: 'RealmApplication' }),
    bodyBytesMax: FILE_BYTES_MAX,
    answer: appliedRealm,
    status: 200,
  },
  importRealm: {
    method: 'POST',
    path: '/api/import',
    tag: 'realms',
    summary: 'Create a realm from a file',
    description: 'All of it or nothing. The realm is that which the file names, or `name`.',
    permission: 'realms:write',
    crossRealm: true,
    body: z
      .strictObject({
        file: realmFile,
        name: realmFile.shape.realm.shape.name
          .optional()
          .meta({ description: 'The name of the realm, when it is to be another' }),
        dryRun: dryRunField,
      })
      .meta({ id: 'RealmImport' }),
    bodyBytesMax: FILE_BYTES_MAX,
    answer: appliedRealm,
    status: 201,
  },
} as const satisfies Readonly<Record<string, Route>>;
