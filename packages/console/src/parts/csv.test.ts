import { describe, expect, it } from 'vitest';
import { formatCsv } from './csv.ts';

const cellOf = (text: string): string => formatCsv(['name'], [[text]]).split('\r\n', 2)[1] ?? '';

describe('a cell of a table for spreadsheets', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['two words', 'two words'],
    ['a,b', '"a,b"'],
    ['say "yes"', '"say ""yes"""'],
  ])('%j is written as %j', (text, cell) => {
    expect(cellOf(text)).toBe(cell);
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['=HYPERLINK("https://a.example","b")', '"\'=HYPERLINK(""https://a.example"",""b"")"'],
  ])('%j begins with an apostrophe: no spreadsheet runs it', (text, cell) => {
    expect(cellOf(text)).toBe(cell);
  });

  it('a line break within it ends no row', () => {
    expect(formatCsv(['name', 'id'], [['a\nb', 'c']])).toBe('name,id\r\n"a\nb",c\r\n');
  });
});
