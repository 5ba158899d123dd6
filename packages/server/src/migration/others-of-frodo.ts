import { type ApplicationInFile, accountFor, isObject, type Note, textOf } from './converted.ts';

/*
 * What stands beside the clients in a whole export of frodo. A file of it has `meta` and a member
 * for each kind, in which the objects are by their ids.
 */

type Members = Readonly<Record<string, unknown>>;

/** Why a kind of object is not taken over. */
const KINDS = new Map<string, string>([
  ['service', 'settings of the realm: tessera provider update, or a PUT to the REST of AM here'],
  ['script', 'no scripts run here: claims are values, templates or a signed hook'],
  ['trees', 'people sign in elsewhere'],
  ['emailTemplate', 'people sign in elsewhere'],
  ['themes', 'is about pages, which are not served here'],
  ['idp', 'people sign in elsewhere'],
  ['saml', 'SAML is not served here'],
  ['policy', 'no policies are decided here'],
  ['policyset', 'no policies are decided here'],
  ['resourcetype', 'no policies are decided here'],
  ['agent', 'is an agent of PingGateway or of a web server, and no client'],
  ['agents', 'is an agent of PingGateway or of a web server, and no client'],
  ['secret', 'secrets of a tenant are in no export'],
  ['secretstore', 'secrets of a tenant are in no export'],
  ['variable', 'settings come from the environment of the server: docs/configuration.md'],
  ['variables', 'settings come from the environment of the server: docs/configuration.md'],
  ['idm', 'is of IDM, which is not served here'],
  ['mapping', 'is of IDM, which is not served here'],
  ['sync', 'is of IDM, which is not served here'],
  ['authentication', 'people sign in elsewhere'],
  ['trustedJwtIssuer', 'is a trusted issuer here: tessera trust issuer create'],
]);

/** frodo puts what a client needs beside it, and says of every file where it comes from. */
const BESIDE: ReadonlySet<string> = new Set(['meta', 'application', 'data', 'metadata', 'result']);

export function readOthersOfFrodo(
  exported: readonly unknown[],
  clientIds: ReadonlySet<string>,
): { readonly applications: readonly ApplicationInFile[]; readonly notes: readonly Note[] } {
  const applications: ApplicationInFile[] = [];
  const notes: Note[] = [];
  for (const document of exported) {
    if (!isObject(document) || isObject(document['coreOAuth2ClientConfig'])) continue;
    for (const [kind, objects] of Object.entries(document)) {
      if (BESIDE.has(kind) || !isObject(objects)) continue;
      for (const [id, members] of Object.entries(objects)) {
        if (kind !== 'managedApplication' || !isObject(members)) {
          const why = KINDS.get(kind) ?? 'is nothing that is served here';
          notes.push({ object: `${kind} ${id}`, attribute: '', fate: 'dropped', why });
          continue;
        }
        const read = readApplication(members, clientIds, applications);
        notes.push(...read.notes);
        applications.push(...read.application);
      }
    }
  }
  return { applications, notes };
}

function readApplication(
  members: Members,
  clientIds: ReadonlySet<string>,
  others: readonly ApplicationInFile[],
) {
  const name = textOf(members['name']) ?? '';
  const object = `application ${name}`;
  const entities = isObject(members['ssoEntities']) ? members['ssoEntities'] : {};
  const clientId = textOf(entities['oidcId']);
  if (
    name === '' ||
    clientId === undefined ||
    !clientIds.has(clientId) ||
    others.some((one) => one.clientId === clientId)
  ) {
    const why = 'has no client of its own in what was exported';
    const note: Note = { object, attribute: 'ssoEntities', fate: 'dropped', why };
    return { application: [], notes: [note] };
  }
  const account = accountFor(object, members);
  account.map('name', 'name');
  account.map('ssoEntities', 'clientId');
  const description = textOf(account.map('description', 'description')) ?? '';
  const template = account.map('templateName', 'template') === 'web' ? 'web' : 'service';
  account.drop('_id', 'an application has an id of its own here');
  account.drop('_rev', 'the application begins here now');
  account.drop('owners', 'are ids of people, who are not taken over: name owners in the file');
  const rest = account.rest();
  const application: ApplicationInFile = {
    name: name.slice(0, 100),
    description: description.slice(0, 1_000),
    template,
    clientId,
    ...(Object.keys(rest.kept).length > 0 && {
      keptAttributes: { 'managed/application': rest.kept },
    }),
  };
  return { application: [application], notes: rest.notes };
}
