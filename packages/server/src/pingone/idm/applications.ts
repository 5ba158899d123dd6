import { ok, type Result, refuse } from '@tessera/protocol';
import { webUriField } from '../../contract/fields.ts';
import type { Answer } from '../../contract/routes.ts';
import type { Answered, Ask, Collection } from '../collection.ts';
import {
  type CrestRefusal,
  collect,
  isObject,
  NOT_FOUND,
  type Resource,
  unreadable,
} from '../crest.ts';
import type { Names } from '../describe-refusal.ts';
import {
  failedPolicy,
  keep,
  keptOf,
  type Members,
  missing,
  type Properties,
  readManaged,
  textOf,
  wrongType,
} from './managed-object.ts';
import { applyPatch } from './patch.ts';

/*
 * `managed/{realm}_application`: what people see of a client. `ssoEntities.oidcId` names the client,
 * which is there before; an application without one there can be none of here.
 */

const PROPERTIES: Properties = {
  name: { type: 'string', required: true },
  description: { type: 'string' },
  icon: { type: 'string' },
  url: { type: 'string' },
  templateName: { type: 'string' },
  templateVersion: { type: 'string' },
  ssoEntities: { type: 'object', required: true },
  authoritative: { type: 'boolean' },
  connectorId: { type: 'string' },
  mappingNames: { type: 'array' },
  uiConfig: { type: 'object' },
  owners: { type: 'array' },
};

const READ: ReadonlySet<string> = new Set(['name', 'description', 'owners']);
const KEPT = 'managed/application';

const NAMES: Names = {
  clientId: 'ssoEntities/oidcId',
  logoUri: 'icon',
  template: 'templateName',
};

type ApplicationView = Answer<'findApplication'>;

/** What the members say that the administration API understands. */
type Given = {
  readonly members: Members;
  readonly clientId: string;
  /** undefined: nothing was said of them, and they stay. */
  readonly owners: readonly string[] | undefined;
};

function describeApplication(application: ApplicationView): Resource {
  const { realm, clientId, description, logoUri } = application;
  const kept = keptOf(application.keptAttributes, KEPT, READ);
  const sameLogo = logoOf(kept) === logoUri;
  const { icon: _, ...others } = kept;
  return {
    _id: application.id,
    _rev: String(application.revision),
    templateName: application.template,
    ...(sameLogo ? kept : others),
    ...(!sameLogo && logoUri !== null && { icon: logoUri }),
    name: application.name,
    description,
    ssoEntities: { ...(kept['ssoEntities'] as Members | undefined), oidcId: clientId },
    owners: application.owners.map((id) => ({
      _ref: `managed/${realm}_user/${id}`,
      _refResourceCollection: `managed/${realm}_user`,
      _refResourceId: id,
      _refProperties: {},
    })),
  };
}

/** An icon that is an address; others, such as `data:` URLs, are only kept. */
const logoOf = (members: Members): string | null => {
  const read = webUriField.safeParse(members['icon']);
  return read.success ? read.data : null;
};

function readApplication(
  realm: string,
  body: unknown,
  before?: Members,
): Result<Given, CrestRefusal> {
  const read = readManaged(PROPERTIES, body, before);
  if (!read.ok) return read;
  const members = read.value;
  const clientId = (members['ssoEntities'] as Members)['oidcId'];
  if (clientId === undefined || clientId === '')
    return refuse(failedPolicy([missing('ssoEntities/oidcId')]));
  if (typeof clientId !== 'string')
    return refuse(failedPolicy([wrongType('ssoEntities/oidcId', clientId, 'string')]));
  if (members['owners'] === undefined) return ok({ members, clientId, owners: undefined });
  const owners = readOwners(realm, members['owners'] as readonly unknown[]);
  return owners.ok ? ok({ members, clientId, owners: owners.value }) : owners;
}

/** References to users of the realm, each once. */
function readOwners(
  realm: string,
  given: readonly unknown[],
): Result<readonly string[], CrestRefusal> {
  const collection = `managed/${realm}_user/`;
  const owners = new Set<string>();
  for (const [index, reference] of given.entries()) {
    const property = `owners/${index}`;
    if (!isObject(reference))
      return refuse(failedPolicy([wrongType(property, reference, 'object')]));
    const { _ref: path } = reference;
    if (typeof path !== 'string' || !path.startsWith(collection))
      return refuse(unreadable(`${property} must be {"_ref": "${collection}<id of a user>"}.`));
    owners.add(path.slice(collection.length));
  }
  return ok([...owners]);
}

const profileOf = ({ members }: Given, others: Members | null) => ({
  name: textOf(members, 'name'),
  description: textOf(members, 'description'),
  logoUri: logoOf(members),
  template: members['templateName'] === 'web' ? 'web' : 'service',
  keptAttributes: keep(others, KEPT, members, READ),
});

export const APPLICATIONS: Collection = {
  async query({ door, realm }, query) {
    const collected = await collect(query, async (after) => {
      const asked = { params: { realm }, query: { after, limit: '200' } };
      const page = await door('listApplications', asked);
      if (!page.ok) return page;
      const items = page.value.items.map(describeApplication);
      return ok({ items, next: page.value.next ?? undefined });
    });
    return collected.ok ? ok({ status: 200, body: collected.value }) : collected;
  },

  async read(ask, id) {
    const found = await find(ask, id);
    return found.ok ? ok({ status: 200, body: describeApplication(found.value) }) : found;
  },

  async put(ask, id, body) {
    const found = await find(ask, id);
    if (!found.ok) {
      if (found.refusal !== NOT_FOUND) return found;
      // RFC 9110 §13.1.1: whoever names a state of it expects it to be there.
      return ask.precondition !== undefined && ask.precondition.length > 0
        ? refuse({ code: 412, message: 'There is no such application any more.' })
        : create(ask, body, id);
    }
    const given = readApplication(ask.realm, body, describeApplication(found.value));
    return given.ok ? change(ask, found.value, given.value) : given;
  },

  async patch(ask, id, body) {
    const found = await find(ask, id);
    if (!found.ok) return found;
    const before = describeApplication(found.value);
    const patched = applyPatch(before, body);
    if (!patched.ok) return patched;
    const given = readApplication(ask.realm, patched.value, before);
    if (!given.ok) return given;
    return change(ask, found.value, { ...given.value, owners: given.value.owners ?? [] });
  },

  async remove(ask, id) {
    const found = await find(ask, id);
    if (!found.ok) return found;
    const removed = await ask.door('deleteApplication', {
      params: { realm: ask.realm, applicationId: id },
      precondition: ask.precondition ?? [found.value.revision],
    });
    return removed.ok ? ok({ status: 200, body: describeApplication(found.value) }) : removed;
  },

  actions: { create: (ask, body) => create(ask, body, undefined) },
};

const find = (
  { door, realm }: Ask,
  applicationId: string,
): Promise<Result<ApplicationView, CrestRefusal>> =>
  door('findApplication', { params: { realm, applicationId } });

async function create({ door, realm }: Ask, body: unknown, id: string | undefined): Answered {
  const given = readApplication(realm, body);
  if (!given.ok) return given;
  const { clientId, owners = [] } = given.value;
  const created = await door('createApplication', {
    params: { realm },
    names: NAMES,
    body: { ...profileOf(given.value, null), ...(id !== undefined && { id }), clientId, owners },
  });
  return created.ok ? ok({ status: 201, body: describeApplication(created.value) }) : created;
}

async function change(ask: Ask, application: ApplicationView, given: Given): Answered {
  if (given.clientId !== application.clientId)
    return refuse(
      unreadable('ssoEntities/oidcId must stay: create another application for another client.'),
    );
  const { owners } = given;
  // Whoever leaves them as they are needs no right to change them.
  const others = owners !== undefined && !isSame(owners, application.owners) ? { owners } : {};
  const changed = await ask.door('updateApplication', {
    names: NAMES,
    params: { realm: ask.realm, applicationId: application.id },
    body: { ...profileOf(given, application.keptAttributes), ...others },
    precondition: ask.precondition ?? [application.revision],
  });
  return changed.ok ? ok({ status: 200, body: describeApplication(changed.value) }) : changed;
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
