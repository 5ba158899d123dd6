import { connect } from 'node:net';

/** Where a server listens. */
export type Address = { readonly host: string; readonly port: number };

/** A kept-alive HTTP/1.1 connection that carries one request at a time. RFC 9112. */
export type Connection = { send(request: Buffer): void; close(): void };

export type Listener = {
  answered(status: number, body: string): void;
  /** The connection is of no more use: it broke, or carried what is not one whole answer. */
  failed(why: string): void;
};

const HEAD_END = Buffer.from('\r\n\r\n');
const READ_BYTES = 64 * 1024;

/**
 * Opens a connection that costs the measuring process as little as Node allows: one read buffer
 * for its whole life, no streams, no header objects. `node:http` and every client on top of it
 * take more time for a request than the server under measurement does.
 */
export function openConnection(address: Address, listener: Listener): Promise<Connection> {
  return new Promise((resolve, reject) => {
    let held: Buffer | undefined;
    let closing = false;
    let open = false;

    const fail = (why: string): void => {
      if (closing) return;
      closing = true;
      socket.destroy();
      if (open) listener.failed(why);
      else reject(new Error(why));
    };

    const socket = connect({
      ...address,
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafe(READ_BYTES),
        callback(length, buffer) {
          if (closing) return false;
          const read = Buffer.from(buffer.buffer, buffer.byteOffset, length);
          const bytes = held === undefined ? read : Buffer.concat([held, read]);
          const answer = readAnswer(bytes);
          if (answer === 'incomplete') {
            held = held === undefined ? Buffer.from(read) : bytes;
          } else if (typeof answer === 'string') {
            fail(answer);
          } else {
            held = undefined;
            listener.answered(answer.status, answer.body);
          }
          return true;
        },
      },
    });
    socket.once('connect', () => {
      open = true;
      resolve({
        send: (request) => void socket.write(request),
        close() {
          closing = true;
          socket.destroy();
        },
      });
    });
    socket.on('error', (fault) => fail(fault.message));
    socket.on('close', () => fail('the server closed the connection'));
  });
}

type Answer = { readonly status: number; readonly body: string };

/** One whole answer, `incomplete`, or what is wrong with the bytes. */
function readAnswer(bytes: Buffer): Answer | string {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd === -1) return bytes.length > READ_BYTES ? 'the answer has no head' : 'incomplete';
  const head = bytes.toString('latin1', 0, headEnd);
  if (!head.startsWith('HTTP/1.1 ')) return `the answer starts with ${head.slice(0, 20)}`;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head);
  if (length === null) return 'the answer has no Content-Length';
  const bodyStart = headEnd + HEAD_END.length;
  const bodyEnd = bodyStart + Number(length[1]);
  if (bytes.length < bodyEnd) return 'incomplete';
  if (bytes.length > bodyEnd) return 'the server sent more than one answer';
  return {
    status: Number(head.slice(9, 12)),
    body: bytes.toString('utf8', bodyStart, bodyEnd),
  };
}
