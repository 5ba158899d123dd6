import { createPrivateKey, X509Certificate } from 'node:crypto';
import { UnusableCredentialError } from '../oauth-error.ts';
import { fromFile } from './from-file.ts';

/** What a connection shows of its owner. PEM. */
export type ShownCertificate = {
  /** The certificate of the client, with those above it behind it. */
  readonly cert: string;
  readonly key: string;
  /** Instead of the authorities of Node: who answers for the server. */
  readonly ca?: string;
};

/**
 * Reads certificate and key from files whenever a connection is made, so that renewed ones are
 * taken up: those of cert-manager, or the X.509-SVID that a SPIFFE helper writes.
 *
 * Two files are never replaced at the same instant: while they do not belong together, the pair
 * before counts. Rejects with an `UnusableCredentialError` when there is none.
 */
export function certificateFromFiles(paths: {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string | undefined;
}): () => Promise<ShownCertificate> {
  const [readCert, readKey] = [fromFile(paths.cert), fromFile(paths.key)];
  const readCa = paths.ca === undefined ? undefined : fromFile(paths.ca);
  let pair: { readonly cert: string; readonly key: string } | undefined;
  return async () => {
    const [cert, key, ca] = await Promise.all([readCert(), readKey(), readCa?.()]);
    if (pair?.cert !== cert || pair.key !== key) {
      if (belongTogether(cert, key)) pair = { cert, key };
      else if (pair === undefined)
        throw new UnusableCredentialError(
          `${paths.cert} and ${paths.key} are no certificate and its private key`,
          'Give both in PEM, the certificate of the client first of those in its file.',
        );
    }
    return { ...pair, ...(ca !== undefined && { ca }) };
  };
}

function belongTogether(cert: string, key: string): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}
