import { Option } from 'commander';
import type { CommandGroup } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { findCertificate } from './find-by-name.ts';
import { type Asked, routeCommand } from './route-command.ts';
import { readText } from './secret-files.ts';

async function byName(asked: Asked): Promise<Partial<Asked>> {
  const { id, revision } = await findCertificate(asked, asked.params['certificateId'] ?? '');
  return { params: { ...asked.params, certificateId: id }, revision };
}

/** Where a certificate comes from that is sent: as PEM, without its private key. */
export const CERTIFICATE_FILE_OPTION = new Option(
  '--cert-file <path>',
  'a certificate in PEM, without its private key; - for standard input',
);

export async function readCertificateFile({
  terminal,
  flags,
  body,
}: Asked): Promise<Partial<Asked>> {
  const { certFile } = flags;
  if (typeof certFile !== 'string') return {};
  const certificate = await readText(terminal, certFile);
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(certificate))
    throw new CommandFailure(
      'usage',
      `${certFile} holds a private key, which is not sent anywhere`,
      `Write the certificate alone: openssl x509 -in ${certFile}.`,
    );
  return { body: { ...body, certificate } };
}

export const CERTIFICATE_COMMANDS: CommandGroup = {
  name: 'cert',
  summary: 'Certificates of a client, for mutual TLS',
  commands: [
    routeCommand({
      name: 'list',
      route: 'listCertificates',
      columns: [
        'label',
        'subject',
        'notAfter',
        'status',
        'expiresAt',
        'lastUsedAt',
        'thumbprint',
        'id',
      ],
      examples: ['tessera client cert list myClient'],
    }),
    routeCommand({
      name: 'add',
      route: 'addCertificate',
      without: ['certificate'],
      options: [CERTIFICATE_FILE_OPTION],
      prepare: readCertificateFile,
      examples: [
        'tessera client cert add myClient --cert-file ./myClient.pem',
        'tessera client cert add myClient --subject-dn "CN=billing,O=Example,C=GB"',
        'tessera client cert add myClient --san-uri spiffe://example.com/billing',
      ],
    }),
    routeCommand({
      name: 'update',
      route: 'updateCertificate',
      prepare: byName,
      examples: ['tessera client cert update myClient laptop --expires-at 2027-01-31'],
    }),
    routeCommand({
      name: 'revoke',
      route: 'revokeCertificate',
      prepare: byName,
      destroys: ({ params }) =>
        `Client ${params['clientId']} is not known by this certificate any more.`,
      examples: ['tessera client cert revoke myClient laptop --yes'],
    }),
  ],
};
