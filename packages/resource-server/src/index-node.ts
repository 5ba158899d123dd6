/** What `index.ts` is on Node: the same names, faster. Types are those of `index.ts`. */
export { resourceServer } from './node.ts';
export { isPreflight } from './presented-request.ts';
export { replayMemory } from './replay-memory.ts';
