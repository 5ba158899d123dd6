import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ClaimSources, fillClaimTemplate, readClaimTemplate } from './claim-template.ts';

const SOURCES: ClaimSources = {
  client: { id: 'c1', name: 'Nightly report', attributes: { team: 'payments', constructor: 'x' } },
  api: { id: 'orders', name: 'Orders' },
  realm: 'alpha',
};

const fill = (text: string, sources = SOURCES): string | undefined => {
  const template = readClaimTemplate(text);
  if (!template.ok) throw new Error(template.refusal);
  return fillClaimTemplate(template.value, sources);
};

describe('a template', () => {
  test.each([
    ['{{client.id}}', 'c1'],
    ['{{client.name}}/{{client.attributes.team}}', 'Nightly report/payments'],
    ['{{ client.attributes.team }}', 'payments'],
    ['{{client.attributes.team|nobody}}', 'payments'],
    ['{{client.attributes.region|eu}}', 'eu'],
    ['{{client.attributes.region | far east }}', 'far east'],
    ['{{client.attributes.region|}}', ''],
    ['urn:{{realm.name}}:{{api.id}}:{{api.name}}', 'urn:alpha:orders:Orders'],
    ['{ {{client.id}} }', '{ c1 }'],
  ])('%s is filled', (text, filled) => {
    expect(fill(text)).toBe(filled);
  });

  test('says nothing where something is missing that nothing stands in for', () => {
    expect(fill('{{client.name}}/{{client.attributes.region}}')).toBeUndefined();
    expect(fill('{{api.id}}', { ...SOURCES, api: undefined })).toBeUndefined();
  });

  test('finds no attribute that nobody has set, whatever objects have by themselves', () => {
    const bare = { ...SOURCES, client: { ...SOURCES.client, attributes: {} } };
    expect(fill('{{client.attributes.constructor|none}}', bare)).toBe('none');
    expect(fill('{{client.attributes.toString|none}}', bare)).toBe('none');
    expect(fill('{{client.attributes.constructor}}')).toBe('x');
  });

  test.each([
    ['plain', 'has no reference such as {{client.name}}: give a value instead'],
    ['', 'has no reference such as {{client.name}}: give a value instead'],
    ['a {{client.id', 'has {{ without }} after it, at character 3: write {{client.name}}'],
    ['a }} {{client.id}}', 'has }} without {{ before it, at character 3'],
    ['{{client.id}} }}', 'has }} without {{ before it, at character 15'],
    [
      '{{clint.id}}',
      'has the unknown reference {{clint.id}}; there are client.id, client.name, api.id, api.name, realm.name, client.attributes.<name>',
    ],
    ['{{client.id|{{client.name}}}}', 'has a reference within another'],
    ['{{client.id}}'.repeat(5), 'must not have more than 4 references'],
    [`{{client.id}}${'x'.repeat(250)}`, 'must not be longer than 256 characters'],
  ])('%s is refused', (text, words) => {
    expect(readClaimTemplate(text)).toEqual({ ok: false, refusal: words });
  });

  test.each([
    'client',
    'client.attributes.',
    'client.attributes.a.b',
    '__proto__',
    'client.secret',
  ])('{{%s}} refers to nothing', (path) => {
    expect(readClaimTemplate(`{{${path}}}`)).toMatchObject({ ok: false });
  });

  test('whatever is written is refused with words or filled, and what is filled in is not read again', () => {
    const pieces = fc.constantFrom('{{', '}}', '|', '{', '}', 'client.id', 'x', ' ');
    const nested = { ...SOURCES, client: { ...SOURCES.client, id: '{{client.name}}' } };
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
        const template = readClaimTemplate(parts.join(''));
        if (template.ok) expect(fillClaimTemplate(template.value, nested)).not.toContain('Nightly');
        else expect(template.refusal).not.toBe('');
      }),
    );
  });
});
