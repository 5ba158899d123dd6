import type { Ddl } from './ddl.ts';
import { trafficTables } from './traffic-tables.ts';

/**
 * The tables of the first version.
 *
 * Booleans are 0 and 1, instants seconds since 1970, lists JSON text. `revision` counts the
 * updates of a row. Deleting a realm deletes what is in it through the foreign keys.
 *
 * Tokens have none: a foreign key would make each of them lock the row of its client, and one
 * that came late would spoil its whole batch. Instead a token carries the number of its client's
 * registration. It is found only while there is a client with that number, so that a client which
 * is deleted and registered again under its old id does not bring its old tokens back to life.
 */
export function initial(ddl: Ddl): readonly string[] {
  const { text, integer, sequence, table, clustered } = ddl;
  const ofRealm = `realm ${text} not null references realms (name) on delete cascade`;
  const ofClient = `
    realm ${text} not null,
    client_id ${text} not null,
    foreign key (realm, client_id) references clients (realm, client_id) on delete cascade`;
  return [
    `create table realms (
      name ${text} primary key,
      display_name ${text} not null,
      enabled ${integer} not null,
      tokens_valid_from ${integer} not null,
      created_at ${integer} not null,
      revision ${integer} not null,
      search_text ${text} not null
    )${table}`,

    `create table providers (
      realm ${text} primary key references realms (name) on delete cascade,
      grant_types ${text} not null,
      default_scopes ${text} not null,
      access_token_lifetime ${integer} not null,
      token_format ${text} not null,
      signing_algorithm ${text} not null,
      default_audience ${text},
      security_profile ${text} not null,
      token_binding ${text} not null,
      dpop_nonces ${integer} not null,
      status_lists ${integer} not null,
      client_registration ${text} not null,
      registration_scopes ${text} not null,
      client_id_metadata_hosts ${text} not null,
      quota_mode ${text} not null,
      tokens_per_hour ${integer},
      tokens_per_day ${integer},
      realm_tokens_per_hour ${integer},
      realm_tokens_per_day ${integer},
      token_reuse_seconds ${integer} not null,
      claims ${text} not null,
      secret_lifetime_max ${integer},
      secret_rotation_forced ${integer} not null,
      rsa_key_bits_min ${integer} not null,
      key_rotation_period ${integer} not null,
      kept_attributes ${text},
      revision ${integer} not null
    )${table}`,

    `create table users (
      ${ofRealm},
      id ${text} not null,
      user_name ${text} not null,
      user_name_key ${text} not null,
      given_name ${text} not null,
      family_name ${text} not null,
      email ${text} not null,
      enabled ${integer} not null,
      password_hash ${text},
      password_one_time ${integer} not null,
      roles ${text} not null,
      kept_attributes ${text},
      created_at ${integer} not null,
      revision ${integer} not null,
      search_text ${text} not null,
      primary key (realm, id),
      unique (realm, user_name_key)
    )${table}`,
    "create index users_with_roles on users (realm, id) where roles <> '[]'",

    `create table apis (
      ${ofRealm},
      id ${text} not null,
      identifier ${text} not null,
      name ${text} not null,
      scopes ${text} not null,
      authorization_detail_types ${text} not null,
      token_format ${text},
      signing_algorithm ${text},
      access_token_lifetime ${integer},
      token_binding ${text} not null,
      introspection_clients ${text} not null,
      claims ${text} not null,
      claims_hook ${text},
      created_at ${integer} not null,
      revision ${integer} not null,
      search_text ${text} not null,
      primary key (realm, id),
      unique (realm, identifier)
    )${table}`,

    `create table clients (
      ${ofRealm},
      client_id ${text} not null,
      name ${text} not null,
      description ${text} not null,
      enabled ${integer} not null,
      type ${text} not null,
      grant_types ${text} not null,
      authentication_method ${text} not null,
      strict_authentication_method ${integer} not null,
      assertion_algorithm ${text},
      assertion_reuse ${text} not null,
      token_exchange ${text} not null,
      token_binding ${text} not null,
      scopes ${text} not null,
      default_scopes ${text} not null,
      redirect_uris ${text} not null,
      access_token_lifetime ${integer},
      token_format ${text},
      signing_algorithm ${text},
      quota_mode ${text},
      tokens_per_hour ${integer},
      tokens_per_day ${integer},
      token_reuse_seconds ${integer},
      attributes ${text} not null,
      origin ${text} not null,
      registered_metadata ${text},
      kept_attributes ${text},
      registration_token_digest ${text},
      tokens_valid_from ${integer} not null,
      created_at ${integer} not null,
      revision ${integer} not null,
      registration ${integer} not null default ${ddl.random},
      search_text ${text} not null,
      primary key (realm, client_id)
    )${table}`,
    'create index clients_by_text on clients (realm, client_id, search_text)',
    "create index clients_by_origin on clients (realm, origin) where origin <> 'administrator'",

    `create table initial_access_tokens (
      ${ofRealm},
      id ${text} not null,
      label ${text} not null,
      digest ${text} not null,
      scopes ${text},
      uses ${integer} not null,
      uses_max ${integer} not null,
      created_at ${integer} not null,
      expires_at ${integer} not null,
      revision ${integer} not null,
      search_text ${text} not null,
      primary key (realm, id),
      unique (realm, digest)
    )${table}`,

    `create table credentials (
      id ${text} not null,
      label ${text} not null,
      material ${text} not null,
      created_at ${integer} not null,
      expires_at ${integer},
      last_used_at ${integer},
      revision ${integer} not null,
      issuer_id ${text},
      ends_at ${integer},
      secret_since ${integer},
      ${ofClient},
      primary key (realm, client_id, id)
    )${table}`,
    `create index credentials_by_expiry on credentials (realm, expires_at, client_id)
      where expires_at is not null`,
    `create index credentials_of_issuer on credentials (realm, issuer_id, client_id)
      where issuer_id is not null`,
    `create index credentials_by_end on credentials (realm, ends_at, client_id, id)
      where ends_at is not null`,
    `create index secrets_by_age on credentials (realm, secret_since, client_id, id)
      where secret_since is not null`,

    `create table trusted_authorities (
      ${ofRealm},
      id ${text} not null,
      name ${text} not null,
      certificate ${text} not null,
      thumbprint ${text} not null,
      created_at ${integer} not null,
      revision ${integer} not null,
      primary key (realm, id),
      unique (realm, thumbprint)
    )${table}`,

    `create table trusted_issuers (
      ${ofRealm},
      id ${text} not null,
      name ${text} not null,
      issuer ${text} not null,
      preset ${text} not null,
      jwks_uri ${text},
      jwks ${text},
      audience ${text},
      algorithms ${text} not null,
      lifetime_max ${integer} not null,
      assertion_reuse ${text} not null,
      uses ${text} not null,
      enabled ${integer} not null,
      created_at ${integer} not null,
      revision ${integer} not null,
      primary key (realm, id),
      unique (realm, issuer)
    )${table}`,

    `create table client_grants (
      api_id ${text} not null,
      scopes ${text} not null,
      authorization_detail_types ${text} not null,
      created_at ${integer} not null,
      revision ${integer} not null,
      ${ofClient},
      foreign key (realm, api_id) references apis (realm, id) on delete cascade,
      primary key (realm, client_id, api_id)
    )${table}`,
    'create index client_grants_of_api on client_grants (realm, api_id, client_id)',

    `create table applications (
      ${ofRealm},
      id ${text} not null,
      name ${text} not null,
      description ${text} not null,
      logo_uri ${text},
      template ${text} not null,
      client_id ${text} not null,
      owners ${text} not null,
      kept_attributes ${text},
      created_at ${integer} not null,
      revision ${integer} not null,
      search_text ${text} not null,
      primary key (realm, id),
      unique (realm, client_id)
    )${table}`,
    'create index applications_by_text on applications (realm, id, search_text)',

    `create table application_owners (
      realm ${text} not null,
      user_id ${text} not null,
      application_id ${text} not null,
      foreign key (realm, application_id) references applications (realm, id) on delete cascade,
      primary key (realm, user_id, application_id)
    )${clustered}`,
    'create index owners_of_application on application_owners (realm, application_id)',

    `create table signing_keys (
      ${ofRealm},
      kid ${text} not null,
      algorithm ${text} not null,
      public_jwk ${text} not null,
      sealed_private_key ${text} not null,
      state ${text} not null,
      created_at ${integer} not null,
      signs_from ${integer} not null,
      published_until ${integer},
      revision ${integer} not null,
      primary key (realm, kid)
    )${table}`,

    `create table tokens (
      digest ${text} primary key,
      realm ${text} not null,
      issuer ${text} not null,
      jti ${text} not null,
      client_id ${text} not null,
      subject ${text} not null,
      actors ${text} not null,
      audience ${text} not null,
      scope ${text} not null,
      authorization_details ${text},
      grant_type ${text} not null,
      confirmation ${text},
      claims ${text},
      issued_at ${integer} not null,
      expires_at ${integer} not null,
      registration ${integer} not null
    )${table}`,
    'create index tokens_by_expiry on tokens (expires_at)',

    `create table revoked_tokens (
      ${ofRealm},
      jti ${text} not null,
      expires_at ${integer} not null,
      status_list ${text},
      status_index ${integer},
      position ${integer} not null,
      primary key (realm, jti)
    )${clustered}`,
    'create index revoked_tokens_by_expiry on revoked_tokens (expires_at)',

    `create table revoked_holders (
      ${ofRealm},
      client_id ${text} not null,
      revoked_before ${integer} not null,
      expires_at ${integer} not null,
      position ${integer} not null,
      primary key (realm, client_id)
    )${clustered}`,
    'create index revoked_holders_by_expiry on revoked_holders (expires_at)',

    `create table revocation_positions (
      realm ${text} primary key,
      previous ${integer} not null,
      position ${integer} not null
    )${clustered}`,

    `create table spent_identifiers (
      digest ${text} primary key,
      expires_at ${integer} not null
    )${clustered}`,
    'create index spent_identifiers_by_expiry on spent_identifiers (expires_at)',

    `create table sessions (
      digest ${text} primary key,
      realm ${text} not null,
      id ${text} not null,
      user_id ${text} not null,
      address ${text} not null,
      user_agent ${text} not null,
      created_at ${integer} not null,
      last_seen_at ${integer} not null,
      expires_at ${integer} not null,
      unique (realm, id),
      foreign key (realm, user_id) references users (realm, id) on delete cascade
    )${table}`,
    'create index sessions_of_user on sessions (realm, user_id)',
    'create index sessions_by_expiry on sessions (expires_at)',

    ...trafficTables(ddl),

    `create table changes (
      seq ${sequence},
      at ${integer} not null,
      realm ${text} not null,
      kind ${text} not null,
      id ${text} not null
    )${table}`,
    // A node knows where it stands by the last row it has read: there is always one.
    `insert into changes (at, realm, kind, id) values (0, '', 'start', '')`,
  ];
}
