import type { Ask } from '../collection.ts';

/** The settings of the realm: it is there, and whoever asks may read them. */
export const checkRealm = ({ door, realm }: Ask) => door('findProvider', { params: { realm } });
