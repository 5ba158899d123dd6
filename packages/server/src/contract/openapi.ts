import { z } from 'zod';
import { PERMISSIONS } from './permission.ts';
import { PROBLEMS } from './problems.ts';
import { type Route, TAGS } from './route.ts';
import { adminRoutes, type RouteName } from './routes.ts';

type Json = Record<string, unknown>;

/** The cookie of a session; over https it has the prefix `__Host-`. */
export const SESSION_COOKIE = 'tessera_session';

/** The OpenAPI 3.1 document of the administration API, from the table that also routes. */
export function describeAdminApi(): Json {
  const schemas: Json = { Problem: PROBLEM_SCHEMA };
  const paths: Record<string, Json> = {};
  for (const [name, route] of adminRoutes()) {
    paths[route.path] = {
      ...(paths[route.path] ?? pathItem(route)),
      [route.method.toLowerCase()]: describeOperation(name, route, schemas),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tessera administration API',
      version: '1',
      description:
        'Realms, clients, APIs, users and keys of a Tessera authorization server. See docs/administration.md.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The server that this document came from' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
      responses: problemResponses(),
      headers: HEADERS,
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: `An access token of this server for the audience urn:tessera:admin. Its scopes are permissions: ${Object.keys(PERMISSIONS).join(', ')}.`,
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: SESSION_COOKIE,
          description: `From POST /api/session. Named __Host-${SESSION_COOKIE} over https. Changes also take an Origin header with the public URL of the server.`,
        },
      },
    },
  };
}

/** What all operations of a path have in common: where its braces are filled from. */
function pathItem({ params }: Route): Json {
  return params === undefined ? {} : { parameters: parametersOf(params, 'path') };
}

function describeOperation(name: RouteName, route: Route, schemas: Json): Json {
  const parameters = [
    ...(route.query === undefined ? [] : parametersOf(route.query, 'query')),
    ...(route.precondition === undefined ? [] : [ifMatch(route.precondition === 'required')]),
    ...(route.tagged && route.method === 'GET' ? [IF_NONE_MATCH] : []),
  ];
  return {
    operationId: name,
    tags: [route.tag],
    summary: route.summary,
    description: describeWords(route),
    security: securityOf(route),
    ...(parameters.length > 0 && { parameters }),
    ...(route.body !== undefined && {
      requestBody: {
        required: !isOptional(route.body),
        content: { 'application/json': { schema: reference(route.body, 'input', schemas) } },
      },
    }),
    responses: { ...describeAnswer(name, route, schemas), ...problemsOf(route) },
  };
}

function describeWords({ description, permission, owner, crossRealm }: Route): string {
  const who =
    permission === 'public'
      ? 'Anybody may call this.'
      : permission === 'signed-in'
        ? 'Whoever is signed in may call this.'
        : `Takes the permission \`${permission}\`${crossRealm ? ' in every realm' : ''}${
            owner ? ', or owning the application' : ''
          }.`;
  return description === undefined ? who : `${description}\n\n${who}`;
}

function securityOf({ permission }: Route): readonly Json[] {
  if (permission === 'public') return [];
  const roles = permission === 'signed-in' ? [] : [permission];
  return [{ token: roles }, { session: [] }];
}

function describeAnswer(name: RouteName, route: Route, schemas: Json): Json {
  const headers = {
    'X-Request-Id': { $ref: '#/components/headers/RequestId' },
    ...(route.tagged && { ETag: { $ref: '#/components/headers/ETag' } }),
    ...(route.locates !== undefined && { Location: { $ref: '#/components/headers/Location' } }),
    ...((name === 'openSession' || name === 'changePassword' || name === 'closeSession') && {
      'Set-Cookie': { $ref: '#/components/headers/SetCookie' },
    }),
  };
  const content = route.answer && {
    content: { 'application/json': { schema: reference(route.answer, 'output', schemas) } },
  };
  return {
    [route.status]: { description: WORDS_OF_STATUS[route.status], headers, ...content },
    ...(route.tagged &&
      route.method === 'GET' && {
        304: { description: 'As it was when If-None-Match was its ETag', headers },
      }),
  };
}

const WORDS_OF_STATUS = { 200: 'Done', 201: 'Created', 204: 'Done' } as const;

/** The statuses by which an operation can refuse. */
function problemsOf(route: Route): Json {
  const changes = route.method !== 'GET';
  const statuses = [
    400,
    401,
    403,
    ...(route.params === undefined ? [] : [404]),
    ...(changes && route.permission !== 'public' ? [409] : []),
    ...(route.precondition === undefined ? [] : [412]),
    ...(changes ? [413, 415, 422] : []),
    ...(route.precondition === 'required' ? [428] : []),
    ...(route.tag === 'session' && changes ? [429] : []),
    500,
    503,
  ];
  return Object.fromEntries(
    statuses.map((status) => [status, { $ref: `#/components/responses/Problem${status}` }]),
  );
}

function problemResponses(): Json {
  const titles = new Map<number, string[]>();
  for (const [reason, { status, title }] of Object.entries(PROBLEMS)) {
    // No operation answers for the methods that its address does not have.
    if (status === 405) continue;
    titles.set(status, [...(titles.get(status) ?? []), `\`${reason}\`: ${title}`]);
  }
  return Object.fromEntries(
    [...titles]
      .sort(([a], [b]) => a - b)
      .map(([status, reasons]) => [
        `Problem${status}`,
        {
          description: reasons.join('\n\n'),
          headers: {
            'X-Request-Id': { $ref: '#/components/headers/RequestId' },
            ...(status === 401 && {
              'WWW-Authenticate': { $ref: '#/components/headers/Challenge' },
            }),
            ...((status === 429 || status === 503) && {
              'Retry-After': { $ref: '#/components/headers/RetryAfter' },
            }),
          },
          content: {
            'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
          },
        },
      ]),
  );
}

const isOptional = (body: z.ZodType): boolean => body.safeParse({}).success;

/** A schema as a reference to a named component, which is added when it is not there yet. */
function reference(schema: z.ZodType, io: 'input' | 'output', schemas: Json): Json {
  const { $schema: _, $defs, ...root } = toJsonSchema(schema, io);
  for (const [id, definition] of Object.entries($defs ?? {})) {
    const known = schemas[id];
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(definition))
      throw new Error(`two schemas are called ${id}`);
    schemas[id] = definition;
  }
  return root;
}

function parametersOf(schema: z.ZodObject, where: 'path' | 'query'): readonly Json[] {
  const { properties = {}, required = [] } = toJsonSchema(schema, 'input');
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = property as Json;
    return {
      name,
      in: where,
      required: where === 'path' || required.includes(name),
      ...(description !== undefined && { description }),
      schema: rest,
    };
  });
}

type JsonSchema = {
  readonly $schema?: string;
  readonly $defs?: Json;
  readonly properties?: Json;
  readonly required?: readonly string[];
};

function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const made = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    override: ({ jsonSchema }) => {
      // Bounds that only say what a number in JavaScript is.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      // Later versions may add members to an answer.
      if (io === 'output' && jsonSchema.additionalProperties === false)
        delete jsonSchema.additionalProperties;
      delete jsonSchema.id;
    },
  });
  const text = JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/');
  return JSON.parse(text) as JsonSchema;
}

const ifMatch = (required: boolean): Json => ({
  name: 'If-Match',
  in: 'header',
  required,
  description: 'The ETag that the object had when it was read, or * for whatever it is now',
  schema: { type: 'string' },
  example: '"3"',
});

const IF_NONE_MATCH: Json = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: 'The ETag of the copy that the caller has; the answer is 304 while it holds',
  schema: { type: 'string' },
};

const textHeader = (description: string): Json => ({ description, schema: { type: 'string' } });

const HEADERS: Json = {
  RequestId: textHeader('Names the request in the log and in events'),
  ETag: textHeader('The revision of the object, quoted'),
  Location: textHeader('The address of what was created'),
  SetCookie: textHeader('The session'),
  Challenge: textHeader('RFC 6750 §3'),
  RetryAfter: { description: 'Seconds to wait', schema: { type: 'integer' } },
};

const PROBLEM_SCHEMA: Json = {
  type: 'object',
  description: 'RFC 9457',
  required: ['type', 'title', 'status', 'detail', 'requestId'],
  properties: {
    type: {
      type: 'string',
      enum: Object.keys(PROBLEMS).map((reason) => `urn:tessera:problem:${reason}`),
    },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    remedy: { type: 'string', description: 'What to do about it' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['detail'],
        properties: {
          detail: { type: 'string' },
          pointer: { type: 'string', description: 'RFC 6901, into the body' },
          parameter: { type: 'string', description: 'The name of a query parameter' },
        },
      },
    },
    requestId: { type: 'string' },
  },
};
