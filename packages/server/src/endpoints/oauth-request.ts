import type {
  AuthorizationHeader,
  Form,
  NumericDate,
  PresentedCertificate,
  SecurityProfile,
} from '@tessera/protocol';
import type { Provider } from '../model/provider.ts';
import type { Realm } from '../model/realm.ts';

/** A request of an OAuth 2.0 endpoint, read: nothing behind this point sees HTTP. */
export type OAuthRequest = {
  readonly realm: Realm;
  readonly provider: Provider;
  /** By which profile an assertion as a grant is judged; undefined: by that of the realm. */
  readonly grantProfile?: SecurityProfile;
  /** The address that was called, as it is known outside: with a query where that names the realm. */
  readonly called: string;
  /** The values of all `DPoP` headers. */
  readonly proofs: readonly string[];
  readonly form: Form;
  readonly authorization: AuthorizationHeader;
  /** Shown to TLS, here or at a trusted proxy; undefined when none was. Anybody's, so far. */
  readonly certificate: PresentedCertificate | undefined;
  /** The header `Accept`, where an answer has more than one form. */
  readonly accept: string | undefined;
  /** The caller's address, for failure budgets. */
  readonly address: string;
  readonly requestId: string;
  /** Read once; every judgement of this request is made at this instant. */
  readonly now: NumericDate;
};
