import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

const NEEDED = {
  CONFIG_SERVICE_ISSUER: 'https://a.example',
  CONFIG_SERVICE_AUDIENCE: 'https://config.example',
  CONFIG_SERVICE_CLIENT_ID: 'c',
  CONFIG_SERVICE_CLIENT_SECRET: 's',
};

describe('the settings of config-service', () => {
  it('need who it is and whom to ask, and have defaults for the rest', () => {
    expect(readSettings(NEEDED)).toMatchObject({
      ok: true,
      value: {
        port: 8081,
        clientId: 'c',
        clientSecret: 's',
        issuer: 'https://a.example',
        audience: 'https://config.example',
        dataDir: 'config-service-data',
      },
    });
  });

  it('may name the endpoint where the metadata does not', () => {
    const settings = readSettings({
      ...NEEDED,
      CONFIG_SERVICE_INTROSPECTION_ENDPOINT: 'https://a.example/introspect',
    });
    expect(settings).toMatchObject({
      ok: true,
      value: { introspectionEndpoint: 'https://a.example/introspect' },
    });
  });

  it('tell all mistakes together', () => {
    const settings = readSettings({ CONFIG_SERVICE_PORT: '99999' });
    expect(settings.ok).toBe(false);
    expect(settings.ok || settings.refusal.map((problem) => problem.split(' ')[0])).toEqual([
      'CONFIG_SERVICE_PORT',
      'CONFIG_SERVICE_ISSUER',
      'CONFIG_SERVICE_AUDIENCE',
      'CONFIG_SERVICE_CLIENT_ID',
      'CONFIG_SERVICE_CLIENT_SECRET',
    ]);
  });
});
