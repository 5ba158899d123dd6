import type { NumericDate } from '@tessera/protocol';

/** What people see in the console: a name, its owners, and the client that acts for it. */
export type Application = {
  readonly realm: string;
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly logoUri: string | undefined;
  readonly template: ApplicationTemplate;
  readonly clientId: string;
  /** Ids of users of the same realm. */
  readonly owners: readonly string[];
  /** What a surface that speaks another product's language was told and nothing here reads. */
  readonly keptAttributes: Readonly<Record<string, unknown>> | undefined;
  readonly createdAt: NumericDate;
  readonly revision: number;
};

/** Application types of PingOne's wizard that have a confidential client. */
export const APPLICATION_TEMPLATES = ['web', 'service'] as const;
export type ApplicationTemplate = (typeof APPLICATION_TEMPLATES)[number];
