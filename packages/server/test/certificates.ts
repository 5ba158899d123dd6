/*
 * Makes certificates, good ones and those that no authority would issue: DER is written by hand
 * here, so that a name can have NUL in it and an extension can be nonsense.
 */
import {
  createHash,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';

export type CertificateRequest = {
  /** From the root: `[['C', 'GB'], ['CN', 'x']]`; one with several attributes is a list of them. */
  readonly subject: readonly NamePart[];
  /** undefined: signed by itself. */
  readonly issuer?: Issued;
  readonly keys?: Keys;
  readonly isAuthority?: boolean;
  readonly pathLength?: number;
  /** Bits of RFC 5280 §4.2.1.3. */
  readonly keyUsage?: readonly number[];
  readonly usages?: readonly Usage[];
  readonly dnsNames?: readonly string[];
  readonly uris?: readonly string[];
  readonly ipAddresses?: readonly Uint8Array[];
  readonly emails?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly extensions?: readonly Uint8Array[];
  readonly hash?: 'sha256' | 'sha1' | 'pss';
};

type Attribute = readonly [type: keyof typeof ATTRIBUTES, value: string, tag?: number];
export type NamePart = Attribute | readonly Attribute[];
export type Usage = keyof typeof USAGES;
export type Keys = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

export type Issued = {
  readonly der: Buffer;
  readonly pem: string;
  readonly keyPem: string;
  readonly keys: Keys;
  readonly subject: Buffer;
  readonly thumbprint: string;
};

const ATTRIBUTES = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  DC: '0.9.2342.19200300.100.1.25',
  UID: '0.9.2342.19200300.100.1.1',
} as const;

const USAGES = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  any: '2.5.29.37.0',
} as const;

const DAY = 86_400_000;

export const ecKeys = (namedCurve = 'P-256'): Keys => generateKeyPairSync('ec', { namedCurve });
export const rsaKeys = (modulusLength: number): Keys =>
  generateKeyPairSync('rsa', { modulusLength });

export function issueCertificate(request: CertificateRequest): Issued {
  const keys = request.keys ?? ecKeys();
  const subject = nameOf(request.subject);
  const signer = request.issuer?.keys ?? keys;
  const algorithm = algorithmOf(signer.privateKey, request.hash);
  const extensions = extensionsOf(request);
  const tbs = sequence(
    der(0xa0, integer(2)),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    request.issuer?.subject ?? subject,
    sequence(
      time(request.notBefore ?? new Date(Date.now() - DAY)),
      time(request.notAfter ?? new Date(Date.now() + 30 * DAY)),
    ),
    subject,
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length > 0 ? [der(0xa3, sequence(...extensions))] : []),
  );
  const signature = signed(tbs, signer.privateKey, request.hash);
  const whole = sequence(tbs, algorithm, der(0x03, Buffer.from([0]), signature));
  return {
    der: whole,
    pem: formatPem(whole),
    keyPem: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    keys,
    subject,
    thumbprint: createHash('sha256').update(whole).digest('base64url'),
  };
}

/** An authority with the usual extensions. */
export const issueAuthority = (name: string, request: Partial<CertificateRequest> = {}): Issued =>
  issueCertificate({ subject: [['CN', name]], isAuthority: true, keyUsage: [5, 6], ...request });

/** A client's certificate with the usual extensions. */
export const issueLeaf = (issuer: Issued, request: Partial<CertificateRequest> = {}): Issued =>
  issueCertificate({
    subject: [['CN', 'client']],
    issuer,
    keyUsage: [0],
    usages: ['clientAuth'],
    ...request,
  });

export const formatPem = (bytes: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(bytes)
    .toString('base64')
    .replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`;

/** Whether OpenSSL reads it too. */
export const isReadable = ({ der: bytes }: Issued): boolean =>
  new X509Certificate(bytes).raw.equals(bytes);

export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const integer = (value: number): Buffer => der(0x02, Buffer.from([value]));
const NULL = Buffer.from([0x05, 0x00]);

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number);
  const octets = [first * 40 + second, ...others].flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128))
      groups.unshift((rest & 0x7f) | 0x80);
    return groups;
  });
  return der(0x06, Buffer.from(octets));
}

export const extension = (type: string, critical: boolean, value: Uint8Array): Buffer =>
  sequence(oid(type), ...(critical ? [der(0x01, Buffer.from([0xff]))] : []), der(0x04, value));

const isAttribute = (part: NamePart): part is Attribute => typeof part[0] === 'string';

const nameOf = (parts: readonly NamePart[]): Buffer =>
  sequence(
    ...parts.map((part) =>
      der(
        0x31,
        ...(isAttribute(part) ? [part] : part).map(([type, value, tag = 0x0c]) =>
          sequence(oid(ATTRIBUTES[type]), der(tag, Buffer.from(value, 'utf8'))),
        ),
      ),
    ),
  );

function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, '');
  const year = date.getUTCFullYear();
  return year < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
}

function extensionsOf(request: CertificateRequest): Buffer[] {
  const names = [
    ...(request.emails ?? []).map((email) => der(0x81, Buffer.from(email))),
    ...(request.dnsNames ?? []).map((name) => der(0x82, Buffer.from(name))),
    ...(request.uris ?? []).map((uri) => der(0x86, Buffer.from(uri))),
    ...(request.ipAddresses ?? []).map((address) => der(0x87, address)),
  ];
  const { isAuthority, pathLength, keyUsage, usages } = request;
  return [
    ...(isAuthority === undefined
      ? []
      : [
          extension(
            '2.5.29.19',
            true,
            sequence(
              ...(isAuthority ? [der(0x01, Buffer.from([0xff]))] : []),
              ...(pathLength === undefined ? [] : [integer(pathLength)]),
            ),
          ),
        ]),
    ...(keyUsage === undefined ? [] : [extension('2.5.29.15', true, bits(keyUsage))]),
    ...(usages === undefined
      ? []
      : [extension('2.5.29.37', false, sequence(...usages.map((usage) => oid(USAGES[usage]))))]),
    ...(names.length === 0 ? [] : [extension('2.5.29.17', false, sequence(...names))]),
    ...(request.extensions ?? []).map((one) => Buffer.from(one)),
  ];
}

function bits(set: readonly number[]): Buffer {
  const last = Math.max(...set);
  const octet = set.reduce((sum, bit) => sum | (0x80 >> bit), 0);
  return der(0x03, Buffer.from([7 - last, octet]));
}

const SHA256 = '2.16.840.1.101.3.4.2.1';

function algorithmOf(key: KeyObject, hash: CertificateRequest['hash']): Buffer {
  if (hash === 'pss')
    return sequence(
      oid('1.2.840.113549.1.1.10'),
      sequence(
        der(0xa0, sequence(oid(SHA256))),
        der(0xa1, sequence(oid('1.2.840.113549.1.1.8'), sequence(oid(SHA256)))),
        der(0xa2, integer(32)),
      ),
    );
  const rsa = hash === 'sha1' ? '1.2.840.113549.1.1.5' : '1.2.840.113549.1.1.11';
  const ec = hash === 'sha1' ? '1.2.840.10045.4.1' : '1.2.840.10045.4.3.2';
  return key.asymmetricKeyType === 'rsa' ? sequence(oid(rsa), NULL) : sequence(oid(ec));
}

const signed = (tbs: Buffer, key: KeyObject, hash: CertificateRequest['hash']): Buffer =>
  hash === 'pss'
    ? sign('sha256', tbs, { key, padding: 6, saltLength: 32 })
    : sign(hash ?? 'sha256', tbs, key);
