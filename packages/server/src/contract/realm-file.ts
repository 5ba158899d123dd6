import { z } from 'zod';
import { userNameKey } from '../model/user.ts';
import { newApi } from './apis.ts';
import { templateField } from './applications.ts';
import { subjectFields } from './client-certificates.ts';
import { grantedScopes } from './client-grants.ts';
import { jwkField } from './client-keys.ts';
import { newClientMembers } from './clients.ts';
import { chosenSecretField } from './credentials.ts';
import {
  certificateField,
  clientIdField,
  descriptionField,
  idField,
  labelField,
  line,
  listOf,
  nameField,
  realmNameField,
  webUriField,
} from './fields.ts';
import { keptAttributesField } from './kept-attributes.ts';
import { providerPatch } from './providers.ts';
import type { Frozen } from './route.ts';
import { newAuthority } from './trusted-authorities.ts';
import { newIssuer } from './trusted-issuers.ts';
import { newUser, userNameField } from './users.ts';
import { conditionsField } from './workloads.ts';

/*
 * A realm as a file: what it is to be, so that it can be reviewed, kept under version control and
 * carried from one server to another. It says everything that an administrator decides, and nothing
 * that lets whoever reads it be anybody: no secret, no password, no private key.
 *
 * What is named is described completely: a member that is left out has its default. A section that
 * is left out says nothing, and what a section does not name is left alone unless pruning is asked
 * for.
 */

/** Of each kind. A realm with more is changed by its operations. */
export const FILE_ITEMS_MAX = 5_000;

/** How many operations one file can lead to: all of them are one transaction, and nobody else writes. */
export const FILE_CHANGES_MAX = 2_000;

/** Each takes argon2id, and more of them would keep everybody else from being verified. */
export const CHOSEN_SECRETS_MAX = 50;

/** A realm of some thousand clients. */
export const FILE_BYTES_MAX = 4 * 1024 * 1024;

const INSTANT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?$/;

/** In words rather than seconds, because people read it; a day alone is its beginning. */
const instantText = z
  .string()
  .refine(
    (text) => INSTANT.test(text) && !Number.isNaN(Date.parse(text)),
    'must be an instant in UTC such as 2027-01-31T12:00:00Z, or a day',
  )
  .meta({ description: 'An instant in UTC, such as 2027-01-31T12:00:00Z' });

const heldMembers = {
  label: labelField.default(''),
  expiresAt: instantText.optional().meta({ description: 'Left out: it does not expire' }),
};

const secretInFile = z.strictObject({
  ...heldMembers,
  recoverable: z.boolean().default(false),
  secret: chosenSecretField
    .refine(
      (text) => !/^\$\{.*\}$/.test(text),
      'names a variable, which the command line alone fills in: tessera apply -f',
    )
    .optional()
    .meta({
      description:
        'Only for servers that nobody else reaches; left out: one is made. Never exported. The command line takes it from the environment where a file names a variable',
    }),
});

const keyInFile = z
  .strictObject({ jwk: jwkField.optional(), jwksUri: webUriField.optional(), ...heldMembers })
  .refine(
    ({ jwk, jwksUri }) => (jwk === undefined) !== (jwksUri === undefined),
    'must have either jwk or jwksUri',
  );

const certificateInFile = z
  .strictObject({ certificate: certificateField.optional(), ...subjectFields, ...heldMembers })
  .refine(
    (one) =>
      [one.certificate, one.subjectDn, one.sanDns, one.sanUri, one.sanIp, one.sanEmail].filter(
        (given) => given !== undefined,
      ).length === 1,
    'must have exactly one of certificate, subjectDn, sanDns, sanUri, sanIp and sanEmail',
  );

const workloadInFile = z.strictObject({
  issuer: line(2000).min(1).meta({ description: 'iss of a trusted issuer of the realm' }),
  conditions: conditionsField,
  ...heldMembers,
});

const grantInFile = z.strictObject({
  api: idField.meta({ description: 'Id of the API' }),
  ...grantedScopes.shape,
});

/** Of one client. As many as a client may hold at a time, and as many APIs as there may be. */
const partsOf = <Part extends z.ZodType>(part: Part, max: number) =>
  z.array(part).max(max).default([]);

const { clientId: _clientId, secret: _secret, ...clientMembers } = newClientMembers;
const clientInFile = z.strictObject({
  clientId: clientIdField,
  ...clientMembers,
  secrets: z.array(secretInFile).max(10).optional().meta({
    description:
      'What a client is given that is made from this file; the secrets of one that exists are left alone. Left out: one, if it authenticates with a secret',
  }),
  keys: partsOf(keyInFile, 10),
  certificates: partsOf(certificateInFile, 10),
  workloads: partsOf(workloadInFile, 10),
  grants: partsOf(grantInFile, 1_000),
});

const { id: _id, identifier, name: apiName, ...apiMembers } = newApi.shape;
const apiInFile = z.strictObject({
  id: idField,
  identifier: identifier.optional().meta({
    description: 'Needed for every API but that of administration',
  }),
  name: apiName.optional().meta({ description: 'The id, when left out' }),
  ...apiMembers,
});

const {
  id: _userId,
  password: _password,
  passwordOneTime: _oneTime,
  ...userMembers
} = newUser.shape;
const userInFile = z.strictObject(userMembers);

const applicationInFile = z.strictObject({
  name: nameField,
  description: descriptionField.default(''),
  logoUri: webUriField.nullable().optional(),
  template: templateField.default('service'),
  clientId: clientIdField,
  owners: listOf(userNameField, 50)
    .default([])
    .meta({ description: 'User names of users of the realm' }),
  keptAttributes: keptAttributesField.optional(),
});

const trustInFile = z.strictObject({
  authorities: z.array(newAuthority).max(FILE_ITEMS_MAX).optional(),
  issuers: z
    .array(
      newIssuer.refine(
        ({ preset, jwks, jwksUri }) =>
          (preset !== 'kubernetes' && preset !== 'oidc') || (jwks ?? jwksUri) !== undefined,
        'must have jwks or jwksUri: nothing is fetched while a file is applied',
      ),
    )
    .max(FILE_ITEMS_MAX)
    .optional(),
});

/** A section in which nothing is named twice. */
const section = <Item extends z.ZodType>(
  item: Item,
  member: string,
  keyOf: (item: z.output<Item>) => string,
) =>
  z
    .array(item)
    .max(FILE_ITEMS_MAX)
    .superRefine((items, context) => {
      const seen = new Set<string>();
      for (const [index, one] of items.entries()) {
        const key = keyOf(one);
        if (seen.has(key))
          context.addIssue({ code: 'custom', path: [index, member], message: 'is named twice' });
        seen.add(key);
      }
    })
    .optional();

export const REALM_FILE_FORMAT = 'tessera-realm/1';

export const realmFile = z
  .strictObject({
    format: z.literal(REALM_FILE_FORMAT),
    realm: z
      .strictObject({
        name: realmNameField,
        displayName: nameField.optional().meta({ description: 'The name, when left out' }),
        enabled: z.boolean().default(true),
      })
      .meta({ description: 'Taken by the realm of this name; another keeps what it is called' }),
    provider: z.strictObject(providerPatch.shape).optional(),
    trust: trustInFile.optional(),
    users: section(userInFile, 'userName', ({ userName }) => userNameKey(userName)),
    apis: section(apiInFile, 'id', ({ id }) => id),
    clients: section(clientInFile, 'clientId', ({ clientId }) => clientId),
    applications: section(applicationInFile, 'clientId', ({ clientId }) => clientId),
  })
  .meta({ id: 'RealmFile', description: 'What a realm is to be. It holds no secrets' });

export type RealmFile = Frozen<z.output<typeof realmFile>>;

/** What each of them is that nothing else was said of. */
export const FILE_DEFAULTS = {
  user: besides(userInFile.parse({ userName: 'a' }), 'userName'),
  api: besides(apiInFile.parse({ id: 'a' }), 'id'),
  client: besides(clientInFile.parse({ clientId: 'a' }), 'clientId'),
  application: besides(applicationInFile.parse({ name: 'a', clientId: 'a' }), 'name', 'clientId'),
  secret: secretInFile.parse({}),
  held: { label: '' },
  grant: { authorizationDetailTypes: [], scopes: [] },
  issuer: { uses: ['client'], enabled: true },
} as const satisfies Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Without the members that have no default. */
function besides(members: Readonly<Record<string, unknown>>, ...needed: readonly string[]) {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !needed.includes(name)));
}
