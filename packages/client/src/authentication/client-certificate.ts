import type { ClientAuthentication } from '@tessera/protocol';

/**
 * `tls_client_auth` and `self_signed_tls_client_auth`: the connection shows the certificate, so
 * the `fetch` of the call has to; the request says whose it is. RFC 8705 §2. Calls that do so set
 * `mutualTls`, too.
 */
export const clientCertificate = (): ClientAuthentication => clientCertificateOf;

const clientCertificateOf: ClientAuthentication = ({ clientId }) => ({
  headers: {},
  parameters: { client_id: clientId },
});
