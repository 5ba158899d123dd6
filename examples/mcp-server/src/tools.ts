import { McpServer, type McpServerFactory, requireScopes } from '@modelcontextprotocol/server';
import { z } from 'zod';

/** The scopes of this API, as the authorization server has them. */
export const SCOPES = { read: 'notes:read', write: 'notes:write' } as const;

const NOTES_MAX = 100;

/**
 * Two tools and what each needs. Notes are kept for each client while the process runs; whose
 * notes are meant is never asked, it is the client that the token was issued to.
 */
export function tools(): McpServerFactory {
  const notes = new Map<string, string[]>();

  return ({ authInfo }) => {
    const clientId = authInfo?.clientId ?? '';
    const server = new McpServer({ name: 'notes', version: '0.1.0' });

    server.registerTool(
      'list_notes',
      { description: 'Lists your notes.', scopeChallenge: requireScopes(SCOPES.read) },
      () => say((notes.get(clientId) ?? []).join('\n')),
    );
    server.registerTool(
      'add_note',
      {
        description: 'Adds a note to yours.',
        inputSchema: z.object({ text: z.string().min(1).max(1000) }),
        scopeChallenge: requireScopes(SCOPES.write),
      },
      ({ text }) => {
        notes.set(clientId, [...(notes.get(clientId) ?? []), text].slice(-NOTES_MAX));
        return say('Added.');
      },
    );
    return server;
  };
}

const say = (text: string) => ({ content: [{ type: 'text' as const, text }] });
