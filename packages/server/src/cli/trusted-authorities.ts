import { CERTIFICATE_FILE_OPTION, readCertificateFile } from './client-certificates.ts';
import type { CommandGroup } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { findAuthorityId } from './find-by-name.ts';
import { type Asked, routeCommand } from './route-command.ts';

const byName = async (asked: Asked): Promise<Partial<Asked>> => ({
  params: {
    ...asked.params,
    authorityId: await findAuthorityId(asked, asked.params['authorityId'] ?? ''),
  },
});

async function readAuthority(asked: Asked): Promise<Partial<Asked>> {
  if (asked.flags['certFile'] === undefined && asked.body['certificate'] === undefined)
    throw new CommandFailure(
      'usage',
      'no certificate was given',
      'Give that of the authority: --cert-file ca.pem.',
    );
  return readCertificateFile(asked);
}

export const AUTHORITY_COMMANDS: CommandGroup = {
  name: 'ca',
  summary: 'Certificate authorities whose client certificates a realm believes',
  commands: [
    routeCommand({
      name: 'list',
      route: 'listTrustedAuthorities',
      columns: ['name', 'subject', 'notAfter', 'status', 'thumbprint', 'id'],
      examples: ['tessera trust ca list --realm alpha'],
    }),
    routeCommand({
      name: 'get',
      route: 'findTrustedAuthority',
      prepare: byName,
      examples: ['tessera trust ca get workloads --output json'],
    }),
    routeCommand({
      name: 'add',
      route: 'createTrustedAuthority',
      bodyOperand: { member: 'name', required: true },
      without: ['certificate'],
      options: [CERTIFICATE_FILE_OPTION],
      prepare: readAuthority,
      examples: ['tessera trust ca add workloads --cert-file ./ca.pem'],
    }),
    routeCommand({
      name: 'remove',
      route: 'deleteTrustedAuthority',
      prepare: byName,
      destroys: () => 'Certificates that this authority has signed are refused at once.',
      examples: ['tessera trust ca remove workloads --yes'],
    }),
  ],
};
