import type { Ddl } from './ddl.ts';

/** What happened, and what was counted: written in batches, and forgotten by age. */
export function trafficTables({ text, integer, table, clustered }: Ddl): readonly string[] {
  return [
    `create table events (
      realm ${text} not null,
      at ${integer} not null,
      id ${text} not null,
      type ${text} not null,
      actor_kind ${text} not null,
      actor_id ${text} not null,
      subject_kind ${text} not null,
      subject_id ${text} not null,
      details ${text} not null,
      request_id ${text} not null,
      traffic ${integer} not null,
      primary key (realm, at, id)
    )${clustered}`,
    'create index traffic_events on events (at) where traffic = 1',
    'create index events_by_actor on events (realm, actor_id, at, id)',
    'create index events_by_subject on events (realm, subject_id, at, id)',
    'create index events_of_actor on events (realm, actor_id, at)',
    'create index events_of_subject on events (realm, subject_id, at)',

    `create table issued_events (
      realm ${text} not null,
      at ${integer} not null,
      id ${text} not null,
      first_at ${integer} not null,
      first_id ${text} not null,
      actors ${text} not null,
      events ${text} not null,
      primary key (realm, at, id)
    )${table}`,
    'create index issued_events_by_age on issued_events (at)',

    // An empty client_id: the whole realm. No foreign key, as tokens have none.
    `create table token_usage (
      realm ${text} not null,
      client_id ${text} not null,
      hour ${integer} not null,
      issued ${integer} not null,
      reused ${integer} not null,
      refused ${integer} not null,
      wasted ${integer} not null,
      primary key (realm, client_id, hour)
    )${clustered}`,
    'create index token_usage_by_age on token_usage (hour)',

    `create table nodes (
      id ${text} primary key,
      name ${text} not null,
      version ${text} not null,
      runtime ${text} not null,
      started_at ${integer} not null,
      last_seen_at ${integer} not null,
      changes_behind ${integer} not null
    )${table}`,
    // An empty client_id: callers that are no client, and those beyond what is kept apart.
    `create table token_refusals (
      realm ${text} not null,
      hour ${integer} not null,
      reason ${text} not null,
      client_id ${text} not null,
      refused ${integer} not null,
      last_at ${integer} not null,
      details ${text} not null,
      primary key (realm, hour, reason, client_id)
    )${clustered}`,
    'create index token_refusals_by_age on token_refusals (hour)',

    // Requests by how long they took: `latency` is a class of model/latency.ts.
    `create table token_rates (
      realm ${text} not null,
      minute ${integer} not null,
      latency ${integer} not null,
      issued ${integer} not null,
      refused ${integer} not null,
      primary key (realm, minute, latency)
    )${clustered}`,
    'create index token_rates_by_age on token_rates (minute)',
  ];
}
