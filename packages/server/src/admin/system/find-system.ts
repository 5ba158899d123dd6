import { ok } from '@tessera/protocol';
import { NODE_AWAY_AFTER } from '../../model/node.ts';
import type { UseCase } from '../use-case.ts';

export const listNodes: UseCase<'listNodes'> = async (env, { now }) => {
  const nodes = await env.store.nodes.list();
  return ok({
    items: nodes.map((node) => ({
      ...node,
      state: now - node.lastSeenAt > NODE_AWAY_AFTER ? 'away' : 'up',
      self: node.id === env.node.id,
    })),
  });
};

export const findSystem: UseCase<'findSystem'> = async (env) => {
  const { version, runtime, logLevel, managementPort } = env.node;
  const { publicUrl, contextPath, acceptsCertificates } = env.addresses;
  const database = await env.store.database.describe();
  return ok({
    version,
    runtime,
    licence: 'Apache-2.0',
    publicUrl,
    contextPath,
    acceptsCertificates,
    logLevel,
    managementPort: managementPort ?? null,
    database,
  });
};
