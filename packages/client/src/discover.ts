import { metadataAddresses, readMetadata, type ServerMetadata } from '@tessera/protocol';
import { type Answer, exchange, type Transport } from './exchange.ts';
import { UnexpectedAnswerError } from './oauth-error.ts';

/**
 * Finds the endpoints of an authorization server from its issuer. RFC 8414 §3.
 *
 * The document must name the very issuer that was asked for (§3.3): nothing else keeps one server
 * from passing itself off as another.
 */
export async function discover(issuer: string, transport: Transport = {}): Promise<ServerMetadata> {
  const addresses = metadataAddresses(issuer);
  if (addresses === undefined) throw new TypeError(`${issuer} is no issuer`);

  const [inserted, appended] = addresses;
  let address: string = inserted;
  const first = await ask(address, transport);
  let answer = first;
  if (!isDocument(answer)) {
    address = appended;
    answer = await ask(address, transport);
  }
  if (!isDocument(answer)) {
    // Of a server that is in trouble "not found" at the other address says nothing.
    const telling = first.status >= 500 || first.status === 429 ? first : answer;
    throw new UnexpectedAnswerError(
      `no metadata at ${inserted}, nor at ${appended} (status ${telling.status})`,
      telling,
    );
  }
  const metadata = readMetadata(answer.json, issuer);
  if (metadata.ok) return metadata.value;
  const { refusal } = metadata;
  const problem =
    refusal.reason === 'metadata_member_malformed'
      ? `has a malformed ${refusal.member}`
      : `is not the metadata of ${issuer}`;
  throw new UnexpectedAnswerError(`${address} ${problem}`, answer);
}

const ask = (address: string, transport: Transport): Promise<Answer> =>
  exchange(address, { headers: { accept: 'application/json' } }, transport);

const isDocument = (answer: Answer): boolean => answer.status === 200 && answer.json !== undefined;
