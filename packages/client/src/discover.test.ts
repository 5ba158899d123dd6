import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../test/authorization-server.ts';
import { discover } from './discover.ts';
import { UnexpectedAnswerError } from './oauth-error.ts';

let listening: Listening;
let documents: Map<string, unknown>;
const asked: string[] = [];

beforeAll(async () => {
  listening = await listen((request, response) => {
    asked.push(request.url ?? '');
    const document = documents.get(request.url ?? '');
    if (document === undefined) response.writeHead(404).end();
    else if (typeof document === 'number') response.writeHead(document).end();
    else
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(typeof document === 'string' ? document : JSON.stringify(document));
  });
});
afterAll(() => listening.close());
beforeEach(() => {
  documents = new Map();
  asked.length = 0;
});

const INSERTED = '/.well-known/oauth-authorization-server/t/x';
const APPENDED = '/t/x/.well-known/openid-configuration';

describe('RFC 8414 §3', () => {
  it('the well-known path put in between is asked first, and is enough', async () => {
    const issuer = `${listening.url}/t/x`;
    documents.set(INSERTED, { issuer, token_endpoint: `${issuer}/token` });
    expect((await discover(issuer)).token_endpoint).toBe(`${issuer}/token`);
    expect(asked).toEqual([INSERTED]);
  });

  it('the path at the end is asked when there is no document at the first', async () => {
    const issuer = `${listening.url}/t/x`;
    documents.set(INSERTED, '<html>');
    documents.set(APPENDED, { issuer });
    expect(await discover(issuer)).toEqual({ issuer });
    expect(asked).toEqual([INSERTED, APPENDED]);
  });

  it('no document at either is told with both addresses', async () => {
    await expect(discover(`${listening.url}/t/x`)).rejects.toThrow(
      `no metadata at ${listening.url}${INSERTED}, nor at ${listening.url}${APPENDED}`,
    );
  });

  it('a server in trouble is told as one, though the other address has nothing', async () => {
    documents.set(INSERTED, 503);
    await expect(discover(`${listening.url}/t/x`)).rejects.toMatchObject({ status: 503 });
  });

  it('§3.3 a document of another issuer is refused, and no other is tried', async () => {
    const issuer = `${listening.url}/t/x`;
    documents.set(INSERTED, { issuer: `${issuer}/` });
    documents.set(APPENDED, { issuer });
    await expect(discover(issuer)).rejects.toThrow(UnexpectedAnswerError);
    expect(asked).toEqual([INSERTED]);
  });

  it('a malformed endpoint is refused by name', async () => {
    const issuer = `${listening.url}/t/x`;
    documents.set(INSERTED, { issuer, token_endpoint: 1 });
    await expect(discover(issuer)).rejects.toThrow('has a malformed token_endpoint');
  });

  it('neither a query nor plain HTTP to another machine is asked', async () => {
    await expect(discover(`${listening.url}?x`)).rejects.toThrow('is no issuer');
    await expect(discover('http://a.example')).rejects.toThrow('is not https');
    expect(asked).toEqual([]);
  });
});
