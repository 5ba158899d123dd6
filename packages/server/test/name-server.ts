import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** What is known of a name: its addresses, or that it is never answered for. */
type Zone = Readonly<Record<string, readonly string[] | 'silent'>>;

type NameServer = {
  /** `address:port`. */
  readonly address: string;
  /** Every question so far: the name and `A` or `AAAA`. */
  readonly questions: readonly string[];
  close(): void;
};

const TYPES: Readonly<Record<number, string>> = { 1: 'A', 28: 'AAAA' };

/** A real name server over UDP. A name that begins with `*.` stands for all below it. RFC 1035 §4 */
export async function startNameServer(zone: Zone): Promise<NameServer> {
  const questions: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (message, { port, address }) => {
    const { name, type, end } = readQuestion(message);
    questions.push(`${name} ${TYPES[type]}`);
    const known = zone[name] ?? zone[`*.${name.split('.').slice(1).join('.')}`];
    if (known === 'silent') return;
    const records = (known ?? []).filter((one) => one.includes(':') === (type === 28));
    socket.send(answerTo(message, end, known !== undefined, records.map(recordOf)), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions,
    close: () => socket.close(),
  };
}

function readQuestion(message: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
}

function answerTo(asked: Buffer, end: number, exists: boolean, records: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(12);
  asked.copy(head, 0, 0, 2);
  head.writeUInt16BE(exists ? 0x8180 : 0x8183, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(records.length, 6);
  return Buffer.concat([head, asked.subarray(12, end), ...records]);
}

/** A or AAAA for the name of the question, good for a minute. */
function recordOf(address: string): Buffer {
  const bytes = address.includes(':') ? sixteenBytesOf(address) : address.split('.').map(Number);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(bytes.length === 16 ? 28 : 1, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(bytes.length, 10);
  return Buffer.concat([head, Buffer.from(bytes)]);
}

function sixteenBytesOf(address: string): readonly number[] {
  const [before = '', after = ''] = address.split('::');
  const groups = (text: string) => text.split(':').filter((group) => group !== '');
  const missing = 8 - groups(before).length - groups(after).length;
  return [...groups(before), ...Array<string>(missing).fill('0'), ...groups(after)]
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 255]);
}
