import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TOKEN_EXCHANGE_GRANT } from './client.ts';
import { decode, readForm } from './parameters.ts';

/** The parameters of a body that is expected to be read. */
function parametersOf(body: string) {
  const form = readForm(body);
  if (!form.ok) throw new Error(`refused: ${form.refusal.reason}`);
  const { single, resource, audience } = form.value;
  return {
    ...Object.fromEntries(single),
    resource,
    ...(audience.length > 0 && { audience }),
  };
}

function reasonOf(body: string) {
  const form = readForm(body);
  return form.ok ? undefined : form.refusal.reason;
}

describe('§3.2 a form', () => {
  test.each([
    ['', {}],
    ['grant_type=client_credentials', { grant_type: 'client_credentials' }],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['&a=1&&b=2&', { a: '1', b: '2' }],
    ['a=b=c', { a: 'b=c' }],
    ['a=x+y%20z%2B', { a: 'x y z+' }],
    ['a=%C2%A3', { a: '£' }],
    ['%61=1', { a: '1' }],
    ['scope[]=a&scope[0]=b', { 'scope[]': 'a', 'scope[0]': 'b' }],
    ['client_id[$ne]=x', { 'client_id[$ne]': 'x' }],
    ['constructor.prototype.x=1', { 'constructor.prototype.x': '1' }],
  ])('§3.2 %j is read as it is written', (body, parameters) => {
    expect(parametersOf(body)).toEqual({ ...parameters, resource: [] });
  });

  test.each(['a', 'a=', 'a=&b='])('§3.2 %j sends nothing: no value is no parameter', (body) => {
    expect(parametersOf(body)).toEqual({ resource: [] });
  });

  test.each([
    ['grant_type=a&grant_type=b', 'grant_type'],
    ['grant_type=a&grant_type=a', 'grant_type'],
    ['scope=a&scope=', 'scope'],
    ['scope=&scope=a', 'scope'],
    ['client_id=a&client%5fid=b', 'client_id'],
    ['foo=1&foo=2', 'foo'],
    ['a=1&=x&=y', ''],
  ])('§3.2 %j names a parameter twice', (body, parameter) => {
    expect(readForm(body)).toEqual({
      ok: false,
      refusal: { reason: 'parameter_repeated', parameter },
    });
  });

  test('§2 resource may repeat, and keeps its order', () => {
    expect(parametersOf('resource=urn:b&a=1&resource=urn:a&resource=')).toEqual({
      a: '1',
      resource: ['urn:b', 'urn:a'],
    });
  });

  test('§2.1 audience may repeat in a token exchange, wherever it says that it is one', () => {
    const exchange = `grant_type=${encodeURIComponent(TOKEN_EXCHANGE_GRANT)}`;
    expect(parametersOf(`audience=urn:b&${exchange}&audience=urn:a&audience=`)).toMatchObject({
      audience: ['urn:b', 'urn:a'],
    });
    expect(parametersOf('grant_type=client_credentials&audience=urn:b')).toMatchObject({
      audience: ['urn:b'],
    });
  });

  test.each([
    'audience=urn:a&audience=urn:b',
    'audience=&grant_type=client_credentials&audience=',
    'audience=a&grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&audience=a',
  ])('§3.2 %j is no token exchange, where alone audience may repeat', (body) => {
    expect(readForm(body)).toMatchObject({ refusal: { parameter: 'audience' } });
  });

  test('§3.2 the name __proto__ is a name like any other', () => {
    const form = readForm('__proto__=1&__proto__[x]=2');
    expect(form.ok && form.value.single.get('__proto__')).toBe('1');
    expect('x' in {}).toBe(false);
  });

  test.each(['a=%', 'a=%zz', 'a=%C3', '%=1', 'a=%ED%A0%80', 'scope=%FF'])(
    '§3.2 %j was written by no encoder',
    (body) => {
      expect(reasonOf(body)).toBe('encoding_malformed');
    },
  );

  test.each(['a=x%00', 'a=x%0Ay', 'a=x%0Dy', 'a%0A=x', 'resource=urn:x%0A', 'a=raw\n'])(
    '§3.2 %j would forge a line of a log',
    (body) => {
      expect(reasonOf(body)).toBe('parameter_has_control_character');
    },
  );

  test('§3.3 a line feed within scope is left to the grammar of scope', () => {
    expect(parametersOf('scope=a%0Ab')).toEqual({ scope: 'a\nb', resource: [] });
  });

  test('§3.2 a hundred parameters are read, one more is refused', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => `p${i}=1`).join('&');
    expect(readForm(many(100)).ok).toBe(true);
    expect(reasonOf(many(101))).toBe('parameters_too_many');
    expect(reasonOf('&'.repeat(100_000))).toBe('parameters_too_many');
  });

  test('§3.2 what a form encoder writes is read back', () => {
    const text = fc
      .string({ unit: 'binary', maxLength: 8 })
      .map((value) => value.replace(/[\0\r\n]/g, '_'));
    const pairs = fc.uniqueArray(fc.tuple(text, text), {
      maxLength: 8,
      selector: ([name]) => name,
    });
    fc.assert(
      fc.property(pairs, (parameters) => {
        const form = readForm(new URLSearchParams(parameters).toString());
        const sent = parameters.filter(([, value]) => value !== '');
        expect(form.ok && new Map(form.value.single)).toEqual(new Map(sent));
      }),
    );
  });

  test('§3.2 every text is read or refused, and nothing is read twice', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('a', 'b', '=', '&', '%', '+', '0', 'C', '3', '[', '\n', '\ud800'),
    });
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' })), (body) => {
        const form = readForm(body);
        if (!form.ok) return;
        const parts = body.split('&').filter((part) => part !== '');
        const names = parts.map((part) => part.split('=', 1)[0] ?? '');
        for (const name of form.value.single.keys())
          expect(names.filter((written) => decode(written) === name)).toHaveLength(1);
      }),
    );
  });
});

describe('App. B one component', () => {
  test.each([
    ['', ''],
    ['a+b', 'a b'],
    ['a%2Bb', 'a+b'],
    ['%20', ' '],
    ['%e2%82%ac', '€'],
    ['%F0%9F%94%91', '🔑'],
    ['plain', 'plain'],
  ])('App. B %j is %j', (component, text) => {
    expect(decode(component)).toBe(text);
  });

  test.each(['%', '%2', '%zz', '%C3', '%80', '%C0%80', '%F4%90%80%80'])(
    'App. B %j is nothing',
    (component) => {
      expect(decode(component)).toBeUndefined();
    },
  );

  test('App. B decoding undoes encoding', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const encoded = new URLSearchParams({ x: text }).toString().slice(2);
        expect(decode(encoded)).toBe(text);
        expect(decode(encodeURIComponent(text))).toBe(text);
      }),
    );
  });

  test('App. B every text is decoded or nothing; none throws', () => {
    const hostile = fc.string({ unit: fc.constantFrom('%', '+', 'C', '3', 'f', '8', '0', 'z') });
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' })), (component) => {
        expect(['string', 'undefined']).toContain(typeof decode(component));
      }),
    );
  });
});
