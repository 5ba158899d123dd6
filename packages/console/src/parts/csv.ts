/** A table as RFC 4180 describes it, with a line for the names of the columns. */
export const formatCsv = (
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string => [columns, ...rows].map((row) => `${row.map(formatCell).join(',')}\r\n`).join('');

/**
 * Names come from callers. A spreadsheet runs what begins like a formula, so such a cell begins with
 * an apostrophe, as OWASP advises against CSV injection.
 */
function formatCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
