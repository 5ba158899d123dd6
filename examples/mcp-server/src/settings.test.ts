import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

const GOOD = {
  MCP_SERVER_ISSUER: 'https://auth.example/realm',
  MCP_SERVER_CLIENT_ID: 'notes',
  MCP_SERVER_CLIENT_SECRET: 'secret',
};

describe('settings', () => {
  it('the rest has defaults', () => {
    expect(readSettings(GOOD)).toEqual({
      ok: true,
      value: {
        port: 8082,
        host: undefined,
        resource: undefined,
        issuer: 'https://auth.example/realm',
        clientId: 'notes',
        clientSecret: 'secret',
      },
    });
  });

  it('all that is missing or wrong is told at once', () => {
    const bad = { MCP_SERVER_PORT: 'x', MCP_SERVER_RESOURCE: 'notes', MCP_SERVER_ISSUER: '' };
    const read = readSettings(bad);
    expect(!read.ok && read.refusal.map((line) => line.split(' ', 1)[0])).toEqual([
      'MCP_SERVER_PORT',
      'MCP_SERVER_RESOURCE',
      'MCP_SERVER_ISSUER',
      'MCP_SERVER_CLIENT_ID',
      'MCP_SERVER_CLIENT_SECRET',
    ]);
  });

  it.each([
    ['https://notes.example/mcp', true],
    ['http://127.0.0.1:8082/mcp', true],
    ['https://notes.example/mcp#a', false],
    ['https://notes.example/mcp?a', false],
    ['ftp://notes.example/mcp', false],
    ['https://', false],
    ['/mcp', false],
  ])('%s as the resource: %s', (resource, isGood) => {
    expect(readSettings({ ...GOOD, MCP_SERVER_RESOURCE: resource }).ok).toBe(isGood);
  });
});
