/** The command line `tessera`: from the process to one command, and its exit code back. */
import { runProgram } from './program.ts';
import { leave, processTerminal } from './terminal.ts';

leave(await runProgram(processTerminal()));
