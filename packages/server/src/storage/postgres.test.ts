import { describe } from 'vitest';
import { freshDatabase } from '../../test/postgres.ts';
import { storeContract } from '../../test/store/contract.ts';
import { openPlain } from '../../test/store/opened.ts';

describe('the store on PostgreSQL', () => {
  storeContract(async () => openPlain(await freshDatabase()));
});
