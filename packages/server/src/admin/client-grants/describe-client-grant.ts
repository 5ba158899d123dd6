import type { Answer } from '../../contract/routes.ts';
import type { ClientGrant } from '../../model/client-grant.ts';
import type { NewEvent, Subject } from '../../model/event.ts';
import { describeChange, eventOf } from '../change.ts';
import type { Asked } from '../use-case.ts';

export const describeClientGrant = (grant: ClientGrant): Answer<'setClientGrant'> => ({
  realm: grant.realm,
  clientId: grant.clientId,
  apiId: grant.apiId,
  scopes: grant.scopes,
  authorizationDetailTypes: grant.authorizationDetailTypes,
  createdAt: grant.createdAt,
  revision: grant.revision,
});

/** Told of the client: whoever looks at it wants to know what it could do and when. */
export const clientGrantSubject = ({ clientId }: Pick<ClientGrant, 'clientId'>): Subject => ({
  kind: 'client',
  id: clientId,
});

/** What a grant gives, for the events that tell of it. */
export const describeGranted = ({ scopes, authorizationDetailTypes }: ClientGrant) => ({
  scopes,
  ...(authorizationDetailTypes.length > 0 && { authorizationDetailTypes }),
});

export const clientGrantRemoved = (asked: Asked, grant: ClientGrant): NewEvent =>
  eventOf(asked, 'client-grant.removed', clientGrantSubject(grant), {
    apiId: grant.apiId,
    ...describeChange(describeGranted(grant), undefined),
  });
