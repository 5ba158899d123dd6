import { describe, expect, test } from 'vitest';
import { describeAdminApi } from './openapi.ts';
import { PROBLEMS } from './problems.ts';
import { adminRoutes } from './routes.ts';

describe('the OpenAPI document', () => {
  /** `npx vitest run --project server openapi -u` writes it anew. */
  test('is the one in docs/openapi.json', async () => {
    const text = `${JSON.stringify(describeAdminApi(), null, 2)}\n`;
    await expect(text).toMatchFileSnapshot('../../../../docs/openapi.json');
  });

  test('names every operation and no status that has no description', () => {
    const document = describeAdminApi() as {
      paths: Record<string, Record<string, { operationId: string; responses: object }>>;
      components: { responses: object };
    };
    const operations = Object.values(document.paths).flatMap((path) =>
      Object.entries(path).filter(([key]) => key !== 'parameters'),
    );
    expect(operations.map(([, operation]) => operation.operationId).sort()).toEqual(
      adminRoutes()
        .map(([name]) => name)
        .sort(),
    );
    const statuses = new Set(Object.values(PROBLEMS).map(({ status }) => `Problem${status}`));
    for (const response of Object.keys(document.components.responses))
      expect(statuses).toContain(response);
    const text = JSON.stringify(document);
    for (const [, name] of text.matchAll(/#\/components\/responses\/(\w+)/g))
      expect(document.components.responses).toHaveProperty(name ?? '');
  });
});
