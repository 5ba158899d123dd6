import { useQuery } from '@tanstack/react-query';

/** What is read of the document that the server describes itself with. OpenAPI 3.1 §4.8 */
export type OpenApi = {
  readonly info: { readonly title: string; readonly version: string };
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

export type Operation = {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Body & { readonly required?: boolean };
  readonly responses: Readonly<Record<string, Body>>;
};

export type Parameter = {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
};

type Body = {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
};

export type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
};

export const useOpenApi = () =>
  useQuery({
    queryKey: ['openapi'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }): Promise<OpenApi> => {
      const response = await fetch('/api/openapi.json', { signal });
      if (!response.ok) throw new Error('The description of the API cannot be read.');
      return (await response.json()) as OpenApi;
    },
  });

export type Placed = {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
};

/** Operations of a tag, in the order of the document. */
export const operationsOf = ({ paths }: OpenApi, tag: string): readonly Placed[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.tags?.includes(tag) === true)
      .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );

export const jsonOf = (body: Body | undefined): Schema | undefined =>
  Object.values(body?.content ?? {})[0]?.schema;

/** A schema by its reference, and the name that it has there. */
export function resolve(
  { components }: OpenApi,
  schema: Schema,
): { readonly schema: Schema; readonly name: string | undefined } {
  const name = schema.$ref?.split('/').at(-1);
  const found = name === undefined ? undefined : components.schemas[name];
  return found === undefined ? { schema, name: undefined } : { schema: found, name };
}

/** A type in a word or two: `text`, `list of Client`, `“a” or “b”`. */
export function describeType(document: OpenApi, given: Schema): string {
  const { schema, name } = resolve(document, given);
  if (schema.enum !== undefined) return schema.enum.map(quoted).join(' or ');
  if (schema.const !== undefined) return quoted(schema.const);
  if (name !== undefined) return name;
  const several = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (several !== undefined)
    return [...new Set(several.map((one) => describeType(document, one)))].join(' or ');
  if (schema.type === 'array')
    return `list of ${schema.items === undefined ? 'anything' : describeType(document, schema.items)}`;
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? 'anything'];
  return types.map((type) => WORDS[String(type)] ?? String(type)).join(' or ');
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'yes or no',
  null: 'null',
};

const quoted = (value: unknown): string =>
  typeof value === 'string' ? `“${value}”` : JSON.stringify(value);

/** An example of what a schema asks for: the members that must be there. */
export function exampleOf(document: OpenApi, given: Schema, depth = 0): unknown {
  const { schema } = resolve(document, given);
  if (schema.default !== undefined) return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.const !== undefined) return schema.const;
  const [first] = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
  if (first !== undefined) return exampleOf(document, first, depth);
  const [type] = [schema.type].flat();
  if (type === 'object') {
    if (depth > 3) return {};
    const members = Object.entries(schema.properties ?? {});
    const needed = members.filter(([name]) => schema.required?.includes(name) === true);
    return Object.fromEntries(
      needed.map(([name, one]) => [name, exampleOf(document, one, depth + 1)]),
    );
  }
  if (type === 'array') return [];
  if (type === 'boolean') return true;
  return type === 'integer' || type === 'number' ? (schema.minimum ?? 1) : '…';
}
