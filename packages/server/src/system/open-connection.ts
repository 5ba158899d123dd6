import type { LookupAddress } from 'node:dns';
import { connect, isIP, type NetConnectOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ok, type Result, refuse } from '@tessera/protocol';
import type { OutboundProblem } from '../model/fetched-document.ts';
import { hostOf } from '../model/outbound-url.ts';
import { type NameLookup, nameLookup } from './look-up-name.ts';

/** What a connection is made with; tests put a name server or a network of their own here. */
export type NetworkAccess = {
  readonly lookup: NameLookup;
  connect(options: NetConnectOpts): Socket;
  /** Certificate authorities in PEM; undefined: those of Node and of NODE_EXTRA_CA_CERTS. */
  readonly authorities: readonly string[] | undefined;
};

export const systemNetwork: NetworkAccess = {
  lookup: nameLookup(),
  connect,
  authorities: undefined,
};

/**
 * A connection to the host of the URL, over TLS when it says so; only to addresses that `mayReach`.
 *
 * Every address of the name is judged, and the connection is made to what was judged. Then the
 * address at the other end of the socket is judged again before the first byte is sent: whatever
 * happens between the two, such as a name that is bound anew, changes nothing.
 */
export function connectionOpener(
  network: NetworkAccess,
  mayReach: (url: URL, ip: string) => boolean,
) {
  return async (url: URL, signal: AbortSignal): Promise<Result<Socket, OutboundProblem>> => {
    const addresses = await findAddresses(hostOf(url), network, signal);
    if (addresses.length === 0) return refuse({ problem: 'unreachable' });
    if (!addresses.every(({ address }) => mayReach(url, address)))
      return refuse({ problem: 'address_not_allowed' });

    const socket = network.connect({
      host: hostOf(url),
      port: portOf(url),
      lookup: (_name, _options, answer) => answer(null, [...addresses]),
      autoSelectFamily: true,
    });
    closeWith(socket, signal);
    if (!(await settled(socket, 'connect'))) return refuse({ problem: 'unreachable' });
    if (!mayReach(url, socket.remoteAddress ?? '')) {
      socket.destroy();
      return refuse({ problem: 'address_not_allowed' });
    }
    return url.protocol === 'http:' ? ok(socket) : secure(socket, url, network, signal);
  };
}

async function findAddresses(
  host: string,
  network: NetworkAccess,
  signal: AbortSignal,
): Promise<readonly LookupAddress[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  const calledOff = new Promise<readonly LookupAddress[]>((resolve) => {
    signal.addEventListener('abort', () => resolve([]), { once: true });
  });
  return Promise.race([network.lookup(host, signal), calledOff]);
}

async function secure(
  socket: Socket,
  url: URL,
  network: NetworkAccess,
  signal: AbortSignal,
): Promise<Result<Socket, OutboundProblem>> {
  const host = hostOf(url);
  const secured = connectTls({
    socket,
    host,
    // An address is no server name (SNI); the certificate is still held to it.
    ...(isIP(host) === 0 && { servername: host.replace(/\.$/, '') }),
    ALPNProtocols: ['http/1.1'],
    ...(network.authorities !== undefined && { ca: [...network.authorities] }),
  });
  closeWith(secured, signal);
  if (await settled(secured, 'secureConnect')) return ok(secured);
  socket.destroy();
  return refuse({ problem: 'unreachable' });
}

const portOf = ({ port, protocol }: URL): number =>
  port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);

function closeWith(socket: Socket, signal: AbortSignal): void {
  // Whoever waits for the socket sees it close; without a listener an error would be a fault.
  socket.on('error', () => undefined);
  const close = () => socket.destroy();
  if (signal.aborted) close();
  signal.addEventListener('abort', close, { once: true });
}

const settled = (socket: Socket, event: 'connect' | 'secureConnect'): Promise<boolean> =>
  new Promise((resolve) => {
    socket.once(event, () => resolve(true));
    socket.once('close', () => resolve(false));
  });
