/**
 * For lists of applications by how their clients stand: the few clients that are disabled, and all
 * that a filter asks of an application in an index, so that nobody reads a hundred thousand rows.
 */
export const filteredLists = (): readonly string[] => [
  'create index clients_disabled on clients (realm, client_id) where enabled = 0',
  'create index applications_by_filter on applications (realm, id, search_text, client_id, created_at)',
  'drop index applications_by_text',
];
