import { useParams } from '@tanstack/react-router';

/** The realm of the address: every screen below the frame has one. */
export const useRealm = (): string => useParams({ strict: false }).realm ?? 'root';
