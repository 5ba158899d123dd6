import { TLSSocket } from 'node:tls';
import {
  isWithin,
  ok,
  type PresentedCertificate,
  type Refusal,
  type Result,
  readIpAddress,
  readNetwork,
  refuse,
} from '@tessera/protocol';
import type { FastifyRequest } from 'fastify';
import { CERTIFICATE_FORMATS, type CertificateFormat } from './certificate-header.ts';

/** Where the certificates of callers come from. */
export type CertificateSource = {
  /** Addresses or networks that are believed. */
  readonly trustedProxies: readonly string[];
  /** The header in which they tell; undefined: none. */
  readonly clientCertificateHeader?: string | undefined;
  readonly clientCertificateFormat?: CertificateFormat;
};

/** undefined: the caller has shown no certificate. */
export type CertificateReader = (
  request: Pick<FastifyRequest, 'raw'>,
) => Result<PresentedCertificate | undefined, Refusal>;

const NONE = ok(undefined);

/**
 * Reads the certificate with which a caller has proved to have its key, to this server or to a
 * proxy before it. Nothing is judged: a certificate may be anybody's. RFC 8705 §6.5.
 *
 * A header counts when the other end of the connection is a trusted proxy, whatever
 * `X-Forwarded-For` says, and is otherwise not there: everybody can write it (RFC 9440 §4). From
 * such a proxy nothing but the header counts, because the certificate of the connection is then
 * the proxy's own.
 */
export function certificateReader({
  trustedProxies,
  clientCertificateHeader,
  clientCertificateFormat = 'rfc9440',
}: CertificateSource): CertificateReader {
  const header = clientCertificateHeader?.toLowerCase();
  const networks = trustedProxies.flatMap((text) => readNetwork(text) ?? []);
  const isTrusted = (peer: string | undefined): boolean => {
    const address = peer === undefined ? undefined : readIpAddress(peer);
    return address !== undefined && networks.some((network) => isWithin(address, network));
  };
  return ({ raw }) => {
    if (header !== undefined && isTrusted(raw.socket.remoteAddress))
      return readHeader(raw.rawHeaders, header, clientCertificateFormat);
    return raw.socket instanceof TLSSocket ? ok(readConnection(raw.socket)) : NONE;
  };
}

/** RFC 9440 §2.4: the chain has a header of its own, next to the certificate's. */
const CHAIN_SUFFIX = '-chain';

/** Headers are taken by their exact name, so that `Client_Cert` is never a second spelling. */
function readHeader(
  rawHeaders: readonly string[],
  name: string,
  format: CertificateFormat,
): Result<PresentedCertificate | undefined, Refusal> {
  const values = valuesOf(rawHeaders, name);
  const chains = format === 'rfc9440' ? valuesOf(rawHeaders, name + CHAIN_SUFFIX) : [];
  if (values.length > 1 || chains.length > 1) return refuse({ reason: 'certificate_repeated' });
  const [value = ''] = values;
  const [chain] = chains;
  // What a proxy without a certificate to tell of writes.
  if (value.trim() === '')
    return chain === undefined ? NONE : refuse({ reason: 'certificate_malformed' });
  const certificate = CERTIFICATE_FORMATS[format](value, chain);
  return certificate === undefined ? refuse({ reason: 'certificate_malformed' }) : ok(certificate);
}

/** Node.js joins or drops repeated headers, so they are looked for where they are all. */
function valuesOf(rawHeaders: readonly string[], name: string): readonly string[] {
  const values: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (rawHeaders[i]?.toLowerCase() === name) values.push(rawHeaders[i + 1] ?? '');
  return values;
}

/** Certificates above the caller's own. Those that come after are as good as missing. */
const CHAIN_MAX = 5;

/** A connection has one certificate, however many requests come over it. */
const connections = new WeakMap<TLSSocket, PresentedCertificate | undefined>();

function readConnection(socket: TLSSocket): PresentedCertificate | undefined {
  if (!connections.has(socket)) connections.set(socket, readPeer(socket));
  return connections.get(socket);
}

/** Asked once: Node.js tells the chain to the first who asks, and to nobody after. */
function readPeer(socket: TLSSocket): PresentedCertificate | undefined {
  let below = socket.getPeerCertificate(true);
  const leaf: Uint8Array | undefined = below?.raw;
  if (leaf === undefined) return undefined;
  const chain: Uint8Array[] = [];
  while (chain.length < CHAIN_MAX) {
    const above = below.issuerCertificate;
    // One that has issued itself is the end.
    if (above === undefined || above === below || above.raw === undefined) break;
    chain.push(above.raw);
    below = above;
  }
  return { leaf, chain };
}
