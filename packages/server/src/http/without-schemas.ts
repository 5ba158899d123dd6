import type { FastifyServerOptions } from 'fastify';

const refuseSchema = (): never => {
  throw new Error(
    'routes have no schema of Fastify: the contract or the protocol reads what comes',
  );
};

/** Fastify loads two compilers of JSON Schema that nothing here uses, unless it is given others. */
export const WITHOUT_SCHEMAS: Pick<FastifyServerOptions, 'schemaController'> = {
  schemaController: {
    compilersFactory: { buildValidator: refuseSchema, buildSerializer: refuseSchema },
  },
};
