/*
 * What the machine's own files say about names: which are local, and how a short one is completed.
 * Pure; the files are read in `look-up-name.ts`.
 */

/** `search` and `ndots` of resolv.conf(5). */
export type SearchList = {
  readonly domains: readonly string[];
  /** A name with fewer dots than this is completed before it is asked for as it stands. */
  readonly dots: number;
};

/** Completions of one name; Kubernetes permits as many. */
const DOMAINS_MAX = 32;

/** What resolvers make of a greater number. */
const DOTS_MAX = 15;

/** The search list in the text of resolv.conf: of `search` and `domain` the last one holds. */
export function readSearchList(text: string): SearchList {
  let domains: readonly string[] = [];
  let dots = 1;
  for (const line of text.split('\n')) {
    const [keyword, ...values] = wordsOf(line);
    if (keyword === 'search') domains = values;
    if (keyword === 'domain') domains = values.slice(0, 1);
    if (keyword !== 'options') continue;
    for (const value of values) {
      const number = /^ndots:(\d{1,3})$/.exec(value)?.[1];
      if (number !== undefined) dots = Math.min(Number(number), DOTS_MAX);
    }
  }
  const named = domains.map(withoutRoot).filter((domain) => domain !== '');
  return { domains: named.slice(0, DOMAINS_MAX), dots };
}

/**
 * The names to ask for, in order: as other programs of the machine do, so that `issuer.identity`
 * is found in a cluster. A name that ends with a dot is asked for as it stands.
 */
export function namesToAsk(name: string, { domains, dots }: SearchList): readonly string[] {
  if (name.endsWith('.')) return [withoutRoot(name)];
  const completed = domains.map((domain) => `${name}.${domain}`);
  return name.split('.').length - 1 < dots ? [...completed, name] : [name, ...completed];
}

/** Every name in the text of hosts(5), without case. */
export function readHostNames(text: string): ReadonlySet<string> {
  const names = text.split('\n').flatMap((line) => wordsOf(line).slice(1));
  return new Set(names.map((name) => withoutRoot(name.toLowerCase())));
}

/**
 * Whether no name server of a stranger has a say about it: `localhost` (RFC 6761 §6.3), a name of one
 * label, a name of mDNS (RFC 6762 §3: one label before `local`), or one of the hosts file.
 */
export function isLocalName(name: string, hostNames: ReadonlySet<string>): boolean {
  const bare = withoutRoot(name.toLowerCase());
  return /^[^.]+(?:\.local)?$|\.localhost$/.test(bare) || hostNames.has(bare);
}

const withoutRoot = (name: string): string => name.replace(/\.$/, '');

const wordsOf = (line: string): readonly string[] =>
  line
    .replace(/[#;].*$/, '')
    .split(/\s+/)
    .filter((word) => word !== '');
