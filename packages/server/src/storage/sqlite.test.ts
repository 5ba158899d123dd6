import { afterAll, describe } from 'vitest';
import { storeContract } from '../../test/store/contract.ts';
import { newSqliteUrl, openPlain } from '../../test/store/opened.ts';

describe('the store on SQLite', () => {
  const { url, remove } = newSqliteUrl();
  afterAll(remove);
  storeContract(() => openPlain(url));
});
