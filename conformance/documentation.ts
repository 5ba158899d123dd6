/*
 * Pages of the documentation as programs: the files and commands in their fenced blocks, and what
 * the page says comes out. What a page shows is what the tests run, to the letter but for addresses.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What a page has its reader do, one thing after the other. */
export type Step =
  /** ```ts server.ts: a file to keep. */
  | { readonly kind: 'file'; readonly name: string; readonly text: string }
  /** ```sh: commands to run; `shown` is the block behind them, if it is output. */
  | { readonly kind: 'commands'; readonly text: string; readonly shown: Shown | undefined };

/** ```http is what `curl --include` prints, ```json what prints JSON; `…` stands for anything. */
export type Shown = { readonly language: 'http' | 'json' | 'text'; readonly text: string };

const FENCE = /^```(\S+)(?: (\S+))?\n([\s\S]*?)^```$/gm;

/** The steps of a page below docs/. A block that is none of them is a mistake of the page. */
export function readPage(path: string): readonly Step[] {
  const page = readFileSync(fileURLToPath(new URL(`../docs/${path}`, import.meta.url)), 'utf8');
  const steps: Step[] = [];
  for (const [, language = '', name, text = ''] of page.matchAll(FENCE)) {
    const last = steps.at(-1);
    if (language === 'ts' && name !== undefined) steps.push({ kind: 'file', name, text });
    else if (language === 'sh') steps.push({ kind: 'commands', text, shown: undefined });
    else if (isOutput(language) && last?.kind === 'commands' && last.shown === undefined)
      steps[steps.length - 1] = { ...last, shown: { language, text } };
    else throw new Error(`docs/${path}: nobody knows what to do with \`\`\`${language}\n${text}`);
  }
  return steps;
}

const isOutput = (language: string): language is Shown['language'] =>
  ['http', 'json', 'text'].includes(language);

/** What of the output is not as shown; none when all is. */
export function compareOutput(shown: Shown, output: string): readonly string[] {
  if (shown.language === 'json')
    return matches(flatten(shown.text), flatten(output)) ? [] : [`shown ${shown.text}`];
  if (shown.language === 'text')
    return matches(shown.text.trim(), output.trim()) ? [] : [`shown ${shown.text}`];
  return shown.text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .filter((line) => !linesOf(output).some((heard) => matches(normal(line), normal(heard))))
    .map((line) => `not heard: ${line}`);
}

const linesOf = (output: string): readonly string[] => output.split(/\r?\n/);

/** Names of headers are written in any case. */
const normal = (line: string): string =>
  line.trim().replace(/^[\w-]+:/, (name) => name.toLowerCase());

const flatten = (json: string): string => {
  const [, before = '', value = ''] = /^([^{[]*)([\s\S]*)$/.exec(json) ?? [];
  return before.trim() + value.replace(/\s+/g, '');
};

function matches(shown: string, heard: string): boolean {
  const pattern = shown
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[\\s\\S]*?');
  return new RegExp(`^${pattern}$`).test(heard);
}
