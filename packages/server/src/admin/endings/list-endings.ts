import { type NumericDate, numericDate, ok, type Seconds } from '@tessera/protocol';
import { readCertificate } from '../../clients/read-certificate.ts';
import { ENDING_MONTHS, ENDINGS_COUNTED_MAX } from '../../contract/endings.ts';
import type { Permission } from '../../contract/permission.ts';
import type { Answer } from '../../contract/routes.ts';
import {
  compareEndings,
  type EndingCredential,
  type EndingPlace,
  type EndingSpan,
  monthsFrom,
  rotationOf,
} from '../../model/ending.ts';
import type { Provider } from '../../model/provider.ts';
import { describePage, readPage } from '../paging.ts';
import type { AdminEnvironment, Asked, UseCase } from '../use-case.ts';

type View = Answer<'listExpiring'>['items'][number];
type Ending = Omit<View, 'overdue'>;

/** After everything that a database keeps as an instant. */
const END = numericDate(253_402_300_800);
const BEGIN = numericDate(0);

export const listExpiring: UseCase<'listExpiring'> = async (env, asked, { query }) => {
  const { realm, now } = asked;
  const page = readPage(query);
  const after = page.after === undefined ? undefined : readPlace(page.after);
  const span = {
    since: query.since === undefined ? BEGIN : numericDate(query.since),
    until: query.until === undefined ? END : numericDate(query.until),
  };
  const [ofClients, ofRealm] = await Promise.all([
    env.store.endingCredentials.list(realm.name, {
      ...span,
      after,
      limit: page.limit + 1,
      forcedAge: forcedAge(await env.store.providers.find(realm.name)),
    }),
    endingsOfRealm(env, asked),
  ]);
  const found = [
    ...ofClients.map((one) => describeCredential(one, holds(asked, 'applications:read'))),
    ...ofRealm.filter(
      (one) =>
        isWithin(one, span) && (after === undefined || compareEndings(placeOf(one), after) > 0),
    ),
  ].sort((a, b) => compareEndings(placeOf(a), placeOf(b)));
  const items = found.slice(0, page.limit);
  const last = items.at(-1);
  return ok(
    describePage(
      {
        items,
        next: found.length > items.length && last !== undefined ? formatPlace(last) : undefined,
      },
      (one) => ({ ...one, overdue: one.endsAt <= now }),
    ),
  );
};

export const countExpiring: UseCase<'countExpiring'> = async (env, asked) => {
  const { realm, now } = asked;
  const months = monthsFrom(now, ENDING_MONTHS);
  // What ends this very second has ended.
  const spans = [{ since: BEGIN, until: now }, ...months].map(({ since, until }, index) => ({
    since: index === 1 ? numericDate(since + 1) : since,
    until: index === 0 ? numericDate(until + 1) : until,
  }));
  const max = ENDINGS_COUNTED_MAX;
  const [counts, ofRealm] = await Promise.all([
    env.store.endingCredentials.count(realm.name, spans, {
      max,
      forcedAge: forcedAge(await env.store.providers.find(realm.name)),
    }),
    endingsOfRealm(env, asked),
  ]);
  const total = (index: number, span: EndingSpan) =>
    Math.min(max, (counts[index] ?? 0) + ofRealm.filter((one) => isWithin(one, span)).length);
  const [overdue = 0, ...ahead] = spans.map((span, index) => total(index, span));
  return ok({
    overdue,
    months: months.map((month, index) => ({ ...month, count: ahead[index] ?? 0 })),
  });
};

const holds = ({ administrator }: Asked, permission: Permission): boolean =>
  administrator.permissions.has(permission);

/** At which age secrets end, whatever was set when they were made. */
const forcedAge = (provider: Provider | undefined): Seconds | undefined =>
  provider?.secretRotationForced === true ? provider.secretLifetimeMax : undefined;

/** Authorities and keys: a few, and in memory. */
async function endingsOfRealm(
  { store }: Pick<AdminEnvironment, 'store'>,
  asked: Asked,
): Promise<readonly Ending[]> {
  const realm = asked.realm.name;
  const [authorities, keys, provider] = await Promise.all([
    holds(asked, 'trust:read') ? store.trustedAuthorities.all(realm) : [],
    holds(asked, 'signing-keys:read') ? store.signingKeys.all(realm) : [],
    store.providers.find(realm),
  ]);
  return [
    ...authorities.flatMap(({ id, name, certificate }) => {
      const endsAt = readCertificate(Buffer.from(certificate, 'base64'))?.facts.notAfter;
      return endsAt === undefined
        ? []
        : [ofRealm({ kind: 'trusted_authority', id, name, endsAt, cause: 'certificate' })];
    }),
    ...keys.flatMap((key) => {
      const endsAt = provider && rotationOf(key, keys, provider.keyRotationPeriod);
      const { kid: id, algorithm: name } = key;
      return endsAt === undefined
        ? []
        : [ofRealm({ kind: 'signing_key', id, name, endsAt, cause: 'rotation' })];
    }),
  ];
}

const ofRealm = (ending: Omit<Ending, 'clientId' | 'application'>): Ending => ({
  ...ending,
  clientId: null,
  application: null,
});

function describeCredential(
  { credential, endsAt, application }: EndingCredential,
  namesApplications: boolean,
): Ending {
  const { id, label, clientId, material, expiresAt } = credential;
  return {
    kind: material.kind,
    id,
    name: label,
    clientId,
    application: namesApplications ? (application ?? null) : null,
    endsAt,
    cause:
      endsAt === expiresAt ? 'expiry' : material.kind === 'certificate' ? 'certificate' : 'policy',
  };
}

const placeOf = ({ endsAt, clientId, id }: Ending): EndingPlace => ({
  endsAt: endsAt as NumericDate,
  clientId: clientId ?? '',
  id,
});

const isWithin = ({ endsAt }: Ending, { since, until }: EndingSpan): boolean =>
  endsAt >= since && endsAt < until;

const formatPlace = (ending: Ending): string => {
  const { endsAt, clientId, id } = placeOf(ending);
  return `${endsAt}/${encodeURIComponent(clientId)}/${id}`;
};

/** A cursor that no page gave means a place before everything. */
function readPlace(cursor: string): EndingPlace {
  const [, at = '0', clientId = '', id = ''] = /^(\d{1,12})\/([^/]*)\/(.*)$/s.exec(cursor) ?? [];
  return { endsAt: numericDate(Number(at)), clientId: decodePart(clientId), id };
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
