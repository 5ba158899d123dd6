/* Who is nobody here is told so before anything of what they send is read. */
import { expect, it } from 'vitest';
import { converse, readResponses } from '../wire.ts';
import { onEachDatabase } from '../world.ts';

const CLIENTS = '/am/json/realms/root/realms/alpha/realm-config/agents/OAuth2Client';
const USERS = '/openidm/managed/alpha_user';

onEachDatabase(
  (world) => {
    /** The headers of a request whose body never comes; what is answered all the same. */
    const answerWithoutBody = async (
      line: string,
      bytes: number,
      headers: readonly string[] = [],
    ) => {
      const head = [
        `${line} HTTP/1.1`,
        'Host: x',
        'Content-Type: application/json',
        `Content-Length: ${bytes}`,
        ...headers,
      ];
      const { text } = await converse(world.port, [`${head.join('\r\n')}\r\n\r\n`], {
        patience: 3_000,
        until: /\}$/,
      });
      return readResponses(text)[0];
    };

    it.each([
      ['PUT', `${CLIENTS}/one`, 401],
      ['POST', `${CLIENTS}?_action=create`, 401],
      ['PUT', '/am/json/realms/root/realms/alpha/realm-config/services/oauth-oidc', 401],
      ['POST', '/am/json/global-config/realms?_action=create', 401],
      ['PUT', `${USERS}/one`, 401],
      ['PATCH', `${USERS}/one`, 401],
      ['POST', '/openidm/managed/svcacct?_action=create', 401],
      ['POST', '/openidm/nothing', 404],
    ])('%s %s with a body of 200 kB that has not come', async (method, path, status) => {
      const answer = await answerWithoutBody(`${method} ${path}`, 200_000);
      expect(answer?.status).toBe(status);
      expect(JSON.parse(answer?.body ?? '')).toMatchObject({ code: status });
    });

    it('a session that is none is nobody', async () => {
      const header = ['iPlanetDirectoryPro: tss_none'];
      const answer = await answerWithoutBody(`PUT ${CLIENTS}/one`, 200_000, header);
      expect(answer?.status).toBe(401);
    });

    it.each(['authenticate', 'sessions?_action=validate'])(
      'whoever calls %s may send 8 kB',
      async (action) => {
        const answer = await answerWithoutBody(`POST /am/json/realms/root/${action}`, 8_193);
        expect(answer?.status).toBe(413);
      },
    );
  },
  { databases: ['SQLite'] },
);
