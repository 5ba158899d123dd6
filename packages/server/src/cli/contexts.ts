import { type CommandGroup, defineCommand } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { readServer } from './connection.ts';
import {
  changeContexts,
  checkContextName,
  contextPath,
  findContext,
  readContexts,
} from './context-file.ts';

export const CONTEXT_COMMANDS: CommandGroup = {
  name: 'context',
  summary: 'Servers and realms by name, and how one is signed in there',
  commands: [
    defineCommand({
      name: 'list',
      summary: 'List the contexts',
      examples: ['tessera context list'],
      run({ terminal, report }) {
        const { current, contexts } = readContexts(terminal);
        report(
          {
            file: contextPath(terminal),
            items: Object.entries(contexts).map(([name, { server, realm, access }]) => ({
              name,
              current: name === current,
              server,
              realm,
              signedInAs:
                access === undefined
                  ? null
                  : access.kind === 'session'
                    ? access.userName
                    : access.clientId,
            })),
          },
          { columns: ['name', 'current', 'server', 'realm', 'signedInAs'] },
        );
      },
    }),
    defineCommand({
      name: 'use',
      summary: 'Make a context the current one, and with --realm choose the realm to work on',
      operands: '<name>',
      examples: ['tessera context use production', 'tessera context use production --realm alpha'],
      run({ terminal, flags, operands, note }) {
        const [name = ''] = operands;
        const { contexts } = changeContexts(terminal, (known) => {
          const context = findContext(known, name);
          const changed = flags.realm === undefined ? context : { ...context, realm: flags.realm };
          return { current: name, contexts: { ...known.contexts, [name]: changed } };
        });
        note(`Context ${name}: ${contexts[name]?.server}, realm ${contexts[name]?.realm}.`);
      },
    }),
    defineCommand({
      name: 'add',
      summary: 'Add a context, and make it the current one',
      operands: '<name>',
      examples: ['tessera context add production --server https://id.example.com --realm alpha'],
      run({ terminal, flags, operands, note }) {
        const name = checkContextName(operands[0] ?? '');
        const { server, realm = 'root' } = flags;
        if (server === undefined)
          throw new CommandFailure('usage', 'which server?', 'Name it with --server URL.');
        const context = { server: readServer(server), realm };
        changeContexts(terminal, ({ contexts }) => {
          if (Object.hasOwn(contexts, name))
            throw new CommandFailure(
              'conflict',
              `there is a context ${name} already`,
              `Remove it first: tessera context remove ${name}.`,
            );
          return { current: name, contexts: { ...contexts, [name]: context } };
        });
        note(`Context ${name}: ${context.server}, realm ${realm}. Sign in: tessera login.`);
      },
    }),
    defineCommand({
      name: 'remove',
      summary: 'Remove a context, and forget how one was signed in there',
      operands: '<name>',
      examples: ['tessera context remove production'],
      run({ terminal, operands, note }) {
        const [name = ''] = operands;
        changeContexts(terminal, (known) => {
          findContext(known, name);
          const { [name]: _, ...contexts } = known.contexts;
          const { current } = known;
          return { contexts, ...(current !== undefined && current !== name && { current }) };
        });
        note(`Context ${name} is removed.`);
      },
    }),
  ],
};
