import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { FORM_TYPE } from './realm.ts';
import { onEachDatabase } from './world.ts';

onEachDatabase(
  (world) => {
    it('a server that stops answers what it has in hand, and waits for no more on that connection', async () => {
      const socket = connect(world.port, '127.0.0.1');
      let heard = '';
      socket.setEncoding('utf8').on('data', (text: string) => {
        heard += text;
      });
      socket.on('error', () => {});
      await once(socket, 'connect');
      const body = 'grant_type=client_credentials&client_id=a&client_secret=b';
      const head = [
        `POST ${world.alpha.path}/access_token HTTP/1.1`,
        'Host: localhost',
        'Connection: keep-alive',
        `Content-Type: ${FORM_TYPE}`,
        `Content-Length: ${body.length}`,
      ];
      socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, 20)}`);
      await pause(300);
      // The process has to end by itself, with code 0, before it would be killed.
      const restarted = world.restart();
      await pause(300);
      socket.write(body.slice(20));
      await restarted;
      expect(heard).toContain('"error":"invalid_client"');
      socket.destroy();
    }, 90_000);
  },
  { databases: ['SQLite'] },
);
