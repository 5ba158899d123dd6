import {
  checkActorToken,
  checkSubjectToken,
  decideTokenExchange,
  describeSubjectRefusal,
  type ExchangedSubject,
  type Exchanger,
  ok,
  type Refusal,
  type Result,
  readForeignSubject,
  readTokenExchange,
  refuse,
  type TokenExchangeRequest,
} from '@tessera/protocol';
import type { OneTimeIdentifier } from '../../clients/spend-identifiers.ts';
import { verifyTrustedAssertion } from '../../clients/verify-trusted-assertion.ts';
import { findToken } from '../../tokens/find-token.ts';
import type { Grant, GrantEnvironment, GrantRequest } from './grant.ts';

type Subject = {
  readonly subject: ExchangedSubject;
  readonly spends: readonly OneTimeIdentifier[];
};

/** A token for another. RFC 8693 §2.1: whoever asks is a client that has proved itself. */
export const tokenExchange: Grant = async (env, asked) => {
  const { client, credentialId } = asked.caller;
  const { clientId } = client;
  if (credentialId === undefined) return refuse({ reason: 'secret_missing', clientId });
  const exchange = readTokenExchange(asked.request.form);
  if (!exchange.ok) return exchange;

  const exchanger = await describeExchanger(env, asked);
  const found = await findSubject(env, asked, exchanger, exchange.value);
  if (!found.ok) return found;
  const actor = await findActor(env, asked, exchanger, exchange.value, found.value.subject);
  if (!actor.ok) return actor;

  const decided = decideTokenExchange(
    asked.allowance,
    exchange.value,
    found.value.subject,
    actor.value,
    client.tokenExchange,
  );
  if (!decided.ok) return decided;
  return ok({
    authorization: decided.value,
    spends: found.value.spends,
    issuedTokenType: exchange.value.requestedTokenType,
  });
};

/** The APIs of a client are those that ask it about their tokens. */
async function describeExchanger(
  { store }: Pick<GrantEnvironment, 'store'>,
  { caller: { client }, possession }: GrantRequest,
): Promise<Exchanger> {
  const { clientId, realm } = client;
  const apis = (await store.apis.all(realm))
    .filter((api) => api.introspectionClients.includes(clientId))
    .map(({ identifier }) => identifier);
  return { clientId, apis, possession };
}

async function findSubject(
  env: GrantEnvironment,
  { request }: GrantRequest,
  exchanger: Exchanger,
  { subjectToken: { text, kind } }: TokenExchangeRequest,
): Promise<Result<Subject, Refusal>> {
  const { realm, now } = request;
  if (kind === 'assertion') {
    const verified = await verifyTrustedAssertion(env, request, text, 'grant', now);
    if (!verified.ok) return refuse(describeSubjectRefusal(verified.refusal));
    const { issuer, subject: foreign, claims, expiresAt } = verified.value;
    const subject = readForeignSubject(
      { issuerId: issuer.id, subject: foreign, claims, expiresAt },
      env.addresses.issuer(realm.name),
    );
    if (!subject.ok) return subject;
    // What is made of it ends with it, and nobody gets a token that has ended.
    if (subject.value.expiresAt <= now)
      return refuse({ reason: 'subject_token_invalid', because: 'expired' });
    const spends = verified.value.spends.map((identifier) => ({
      ...identifier,
      ifSpent: describeSubjectRefusal(identifier.ifSpent),
    }));
    return ok({ subject: subject.value, spends });
  }
  const token = await findToken(env, realm.name, text);
  const subject = checkSubjectToken(token, exchanger, now);
  return subject.ok ? ok({ subject: subject.value, spends: [] }) : subject;
}

async function findActor(
  env: GrantEnvironment,
  { request: { realm, now } }: GrantRequest,
  exchanger: Exchanger,
  { actorToken }: TokenExchangeRequest,
  subject: ExchangedSubject,
): Promise<Result<string | undefined, Refusal>> {
  if (actorToken === undefined) return ok(undefined);
  const token = await findToken(env, realm.name, actorToken);
  return checkActorToken(token, exchanger, subject, now);
}
