import { numericDate, ok, type Result, readCompactJws, refuse } from '@tessera/protocol';
import { answerCache, type RememberingIntrospect } from './answer-cache.ts';
import { introspector, type OpenSignedAnswer } from './introspect.ts';
import type { ResourceServerOptions, UnavailableProblem } from './options.ts';
import type { Platform } from './platform.ts';
import { remembered } from './remembered.ts';
import {
  findSigner,
  type KeyOpener,
  keyOpener,
  keySetFetcher,
  type RemoteKeys,
} from './remote-keys.ts';
import {
  fetchMetadata,
  findEndpoint,
  type RemoteMetadata,
  type RemoteProblem,
} from './remote-metadata.ts';
import { readAuthentication, type Settings } from './settings.ts';
import { readAnswerSigner, readSignedAnswer } from './signed-answer.ts';
import { followAggregation } from './status/aggregation.ts';
import { type FollowedStatus, followStatus } from './status/follow-status.ts';
import { statusLists } from './status/status-lists.ts';
import { tellConsole } from './tell-console.ts';

/** What this API hears from the authorization server, each remembered for as long as it serves. */
export type Sources = {
  readonly metadata: RemoteMetadata;
  readonly keys: RemoteKeys;
  readonly openKey: KeyOpener;
  readonly introspect: RememberingIntrospect | undefined;
  /** Undefined: revocations are not followed. */
  readonly status: FollowedStatus | undefined;
};

const REFRESH_SECONDS = 300;
const USABLE_SECONDS = 4 * 3600;
const COOL_DOWN_SECONDS = 10;
const POLL_SECONDS = 1;
const PENDING_MAX = 1_000;

/** An answer of introspection is a JWT no longer than this. */
const SIGNED_ANSWER_LENGTH_MAX = 64 * 1024;

/** Opens every source that the options name; none is asked before it is needed. */
export function openSources(
  options: ResourceServerOptions,
  settings: Settings,
  platform: Platform,
): Sources {
  const { expectation, transport, clock } = settings;
  const { issuer, algorithms } = expectation;
  const { keys: keyOptions = {}, endpoints = {} } = options;
  const tell = (what: UnavailableProblem['what']) => (message: string) => {
    try {
      options.onUnavailable?.({ what, message });
    } catch (fault) {
      // Told in the background, where nobody would catch it: the API would end.
      tellConsole('onUnavailable failed', fault);
    }
  };
  const limits = {
    freshSeconds: keyOptions.refreshSeconds ?? REFRESH_SECONDS,
    usableSeconds: keyOptions.usableSeconds ?? USABLE_SECONDS,
    coolDownSeconds: keyOptions.coolDownSeconds ?? COOL_DOWN_SECONDS,
    clock,
  };
  const metadata = remembered(
    told(tell('metadata'), () => fetchMetadata(issuer, transport)),
    limits,
  );
  const addressOf =
    (member: 'jwks_uri' | 'introspection_endpoint', given: string | undefined) => async () =>
      given === undefined ? findEndpoint(metadata, member, transport) : ok(given);
  const fetchKeys = keySetFetcher(addressOf('jwks_uri', endpoints.jwksUri), transport);
  const keys = remembered(told(tell('keys'), fetchKeys), limits);
  const openKey = keyOpener(platform);

  const statusOptions = options.status ?? {};
  const staleFor = staleSeconds(statusOptions);
  const onStatusProblem = tell('status');
  const watched = { staleFor, transport, onProblem: onStatusProblem, clock };
  const pollSeconds = (statusOptions !== false && statusOptions.pollSeconds) || POLL_SECONDS;
  const lists = statusLists({ issuer, algorithms, ...watched }, keys, openKey, platform);
  return {
    metadata,
    keys,
    openKey,
    introspect: openIntrospection(
      options,
      settings,
      addressOf('introspection_endpoint', endpoints.introspectionEndpoint),
      signedAnswerOpener(options, settings, keys, openKey, platform),
      tell('introspection'),
    ),
    status:
      statusOptions === false
        ? undefined
        : followStatus(
            issuer,
            metadata,
            lists,
            (address) => followAggregation(address, { pollSeconds, ...watched }),
            staleFor > 0 ? 'list_decides' : 'refuse',
          ),
  };
}

/** Tells of each failure, whoever caused it to be found. */
function told<T>(
  tell: (message: string) => void,
  fetchValue: () => Promise<Result<T, RemoteProblem>>,
): () => Promise<Result<T, RemoteProblem>> {
  return async () => {
    const fetched = await fetchValue();
    if (!fetched.ok) tell(fetched.refusal.message);
    return fetched;
  };
}

function staleSeconds(options: ResourceServerOptions['status']): number {
  const choice = options === false ? undefined : options?.whenUnavailable;
  return typeof choice === 'object' ? choice.staleFor : 0;
}

function openIntrospection(
  { introspection }: ResourceServerOptions,
  { expectation, transport, cacheEntries, clock }: Settings,
  findAddress: () => Promise<Result<string, RemoteProblem>>,
  openSignedAnswer: OpenSignedAnswer | undefined,
  onProblem: (message: string) => void,
): RememberingIntrospect | undefined {
  if (introspection === undefined) return undefined;
  const introspect = introspector(
    {
      clientId: introspection.clientId,
      authenticate: readAuthentication(introspection),
      issuer: expectation.issuer,
      findEndpoint: findAddress,
      openSignedAnswer,
      onProblem,
    },
    transport,
  );
  return answerCache(introspect, {
    cacheSeconds: introspection.cacheSeconds ?? 0,
    cacheEntries,
    pendingMax: introspection.pendingMax ?? PENDING_MAX,
    clock,
  });
}

/** RFC 9701 §5: the answer is a JWT by the keys of the issuer, and by those alone. */
function signedAnswerOpener(
  { introspection }: ResourceServerOptions,
  { expectation, tolerance, clock }: Settings,
  keys: RemoteKeys,
  openKey: KeyOpener,
  platform: Platform,
): OpenSignedAnswer | undefined {
  if (introspection?.signed !== true) return undefined;
  const expected = { ...expectation, clientId: introspection.clientId };
  return async (text) => {
    const jws = readCompactJws(text.trim(), SIGNED_ANSWER_LENGTH_MAX);
    if (jws === undefined) return MALFORMED;
    const signer = readAnswerSigner(jws, expected);
    if (signer === undefined) return MALFORMED;
    const found = await findSigner({ ...jws, ...signer }, keys, openKey, platform);
    if (!found.ok) return MALFORMED;
    const read = readSignedAnswer(jws.claims, expected, tolerance, numericDate(clock() / 1000));
    return read.ok ? read : MALFORMED;
  };
}

const MALFORMED = refuse({ reason: 'authorization_server_answer_malformed' } as const);
