import { afterAll, describe } from 'vitest';
import { freshDatabase } from '../../test/postgres.ts';
import { storeContract } from '../../test/store/contract.ts';
import { newSqliteUrl, openCached } from '../../test/store/opened.ts';

describe('the cached store over SQLite', () => {
  const { url, remove } = newSqliteUrl();
  afterAll(remove);
  storeContract(() => openCached(url));
});

describe('the cached store over PostgreSQL', () => {
  storeContract(async () => openCached(await freshDatabase()));
});
