import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeSkipped, readFolder } from './regular-files.ts';

let folder = '';
const at = (...parts: readonly string[]): string => join(folder, ...parts);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tessera-folder-'));
  mkdirSync(at('in/deeper'), { recursive: true });
  writeFileSync(at('in/b.json'), 'b');
  writeFileSync(at('in/a.YAML'), 'a');
  writeFileSync(at('in/notes.txt'), 'n');
  writeFileSync(at('in/deeper/c.yml'), 'c');
  writeFileSync(at('out.json'), 'somebody else’s');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a folder of files', () => {
  it('is read in the order of the names, with what is in it where that is asked for', () => {
    expect(readFolder(at('in'), false)).toEqual({
      files: [
        { path: at('in/a.YAML'), text: 'a' },
        { path: at('in/b.json'), text: 'b' },
      ],
      skipped: [],
    });
    expect(readFolder(at('in'), true).files.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
  });

  it('links, pipes and what is too large are left out, and named', () => {
    symlinkSync(at('out.json'), at('in/link.json'));
    symlinkSync(at(), at('in/up'));
    execFileSync('mkfifo', [at('in/pipe.yml')]);
    writeFileSync(at('in/large.json'), '');
    truncateSync(at('in/large.json'), 4 * 1024 * 1024 + 1);
    const { files, skipped } = readFolder(at('in'), true);
    expect(files.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
    expect(skipped).toEqual([
      `${at('in/large.json')} (larger than 4194304 bytes)`,
      `${at('in/link.json')} (a symbolic link)`,
      `${at('in/pipe.yml')} (no regular file)`,
      `${at('in/up')} (a symbolic link)`,
    ]);
    expect(describeSkipped(skipped)).toContain('link.json (a symbolic link)');
  });

  it('has a bound in files, bytes and depth', () => {
    const many = at('many');
    mkdirSync(many);
    for (let index = 0; index < 2_001; index++) writeFileSync(join(many, `${index}.json`), '');
    expect(() => readFolder(many, true)).toThrow('more than 2000 files');
    const heavy = at('heavy');
    mkdirSync(heavy);
    for (let index = 0; index < 17; index++) {
      writeFileSync(join(heavy, `${index}.json`), '');
      truncateSync(join(heavy, `${index}.json`), 4 * 1024 * 1024);
    }
    expect(() => readFolder(heavy, true)).toThrow('bytes');
    mkdirSync(at('1/2/3/4/5/6/7/8/9'), { recursive: true });
    expect(() => readFolder(at('1'), true)).toThrow('deep');
    expect(readFolder(at('1'), false).files).toEqual([]);
  });
});
