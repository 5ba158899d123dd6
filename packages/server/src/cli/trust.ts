import type { CommandGroup } from './command.ts';
import { AUTHORITY_COMMANDS } from './trusted-authorities.ts';
import { ISSUER_COMMANDS } from './trusted-issuers.ts';

export const TRUST_COMMANDS: CommandGroup = {
  name: 'trust',
  summary: 'Whom a realm believes about its clients',
  commands: [AUTHORITY_COMMANDS, ISSUER_COMMANDS],
};
