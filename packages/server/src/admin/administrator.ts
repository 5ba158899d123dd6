import type { NumericDate } from '@tessera/protocol';
import { ALL_PERMISSIONS, type Permission } from '../contract/permission.ts';
import type { Actor } from '../model/event.ts';
import { ROOT_REALM } from '../model/realm.ts';
import type { Role } from '../model/user.ts';

/** Who calls the administration API, believed, with all that decides what the caller may do. */
export type Administrator = Actor & {
  /** The realm that knows the caller. */
  readonly realm: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly permissions: ReadonlySet<Permission>;
  /** Whether the permissions hold in every realm; otherwise in `realm` alone. */
  readonly everyRealm: boolean;
  /** A password that somebody else chose opens nothing but its own replacement. */
  readonly passwordOneTime: boolean;
  /** When the session or the token ends; undefined for the server itself. */
  readonly expiresAt: NumericDate | undefined;
  /** The session that the caller came with; undefined for tokens. */
  readonly sessionDigest: string | undefined;
};

/** The server itself, when it starts or seeds a demonstration. `id` names the job. */
export const systemAdministrator = (id: string): Administrator => ({
  kind: 'system',
  id,
  realm: ROOT_REALM,
  name: id,
  roles: [],
  permissions: new Set(ALL_PERMISSIONS),
  everyRealm: true,
  passwordOneTime: false,
  expiresAt: undefined,
  sessionDigest: undefined,
});
