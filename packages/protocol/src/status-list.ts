/** How many bits a status may have. Token Status List §4.1 */
export const STATUS_BITS = [1, 2, 4, 8] as const;
export type StatusBits = (typeof STATUS_BITS)[number];

/** Token Status List §7.1 */
export const STATUS_VALID = 0x00;
export const STATUS_INVALID = 0x01;
export const STATUS_SUSPENDED = 0x02;

export const isStatusBits = (value: unknown): value is StatusBits =>
  (STATUS_BITS as readonly unknown[]).includes(value);

/**
 * The status at an index of a list that is no longer compressed; undefined: the list does not reach
 * that far, so that nothing can be said of the token and it is to be refused. Token Status List §8.3
 *
 * Within a byte the first status has the least significant bits. §4.1
 */
export function findStatus(list: Uint8Array, bits: StatusBits, index: number): number | undefined {
  if (!Number.isSafeInteger(index) || index < 0) return undefined;
  const perByte = 8 / bits;
  const byte = list[Math.floor(index / perByte)];
  return byte === undefined ? undefined : (byte >> ((index % perByte) * bits)) & (2 ** bits - 1);
}

/** Says of a token in a list of one bit each that it is void. Token Status List §4.1, §7.1 */
export function markInvalid(list: Uint8Array, index: number): void {
  const at = index >> 3;
  list[at] = (list[at] ?? 0) | (1 << (index & 7));
}
