const SIZES = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** 1_234_567 → `1.2 MB`. */
export function formatBytes(bytes: number): string {
  let rest = bytes;
  let unit = 0;
  while (rest >= 1_000 && unit < SIZES.length - 1) {
    rest /= 1_000;
    unit++;
  }
  return `${rest.toLocaleString(undefined, { maximumFractionDigits: rest < 10 ? 1 : 0 })} ${SIZES[unit]}`;
}

const SPANS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const;

/** Seconds as the two largest of days, hours and minutes: `3 d 4 h`. */
export function formatUptime(seconds: number): string {
  if (seconds < 60) return 'less than a minute';
  let rest = Math.floor(seconds);
  const parts: string[] = [];
  for (const [unit, length] of SPANS) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(`${count} ${unit}`);
    else if (parts.length > 0) break;
  }
  return parts.slice(0, 2).join(' ');
}
