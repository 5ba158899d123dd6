// @ts-check
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * What a check says of a small tree of files, made for it and removed again.
 *
 * @param {(root: string) => string[]} check
 * @param {Record<string, string>} files
 */
export function checkTree(check, files) {
  const root = mkdtempSync(join(tmpdir(), 'tessera-check-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return check(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}
