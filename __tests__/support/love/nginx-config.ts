/** Reads nginx's configuration as nginx does, so that tests look at its blocks and not at its text. */

/** A directive; a block has a body. */
export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  readonly body?: readonly Directive[];
}

/** What stands for a mark behind a backslash; before any other mark the backslash is one. */
const ESCAPED: Readonly<Record<string, string>> = { t: "\t", r: "\r", n: "\n", "\\": "\\", "'": "'", '"': '"' };

/** Words, and the marks `{`, `}` and `;`, which no word is. */
function tokens(text: string): (string | { readonly mark: string })[] {
  const found: (string | { readonly mark: string })[] = [];
  const pattern =
    /\s+|#[^\n]*|([{};])|'((?:\\[^]|[^'\\])*)'|"((?:\\[^]|[^"\\])*)"|((?:\\[^]|\$\{[^}]*\}|[^\s{};'"\\])+)/gy;
  for (let at = 0; at < text.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) throw new Error(`nginx cannot read: ${text.slice(at, at + 40)}`);
    const [, mark, single, double, bare] = match;
    const word = single ?? double ?? bare;
    if (mark !== undefined) found.push({ mark });
    if (word !== undefined) found.push(word.replace(/\\([^])/g, (both, one: string) => ESCAPED[one] ?? both));
  }
  return found;
}

/** The directives of a configuration. */
export function readNginx(text: string): Directive[] {
  const stack: { name: string; args: string[]; body: Directive[] }[] = [{ name: "main", args: [], body: [] }];
  let words: string[] = [];
  const top = () => stack[stack.length - 1] as (typeof stack)[number];
  for (const token of tokens(text)) {
    if (typeof token === "string") {
      words.push(token);
      continue;
    }
    const [name, ...args] = words;
    words = [];
    if (token.mark === "}") {
      const ended = stack.pop();
      if (name !== undefined || !ended || stack.length === 0) throw new Error("a block ends where none may");
      top().body.push(ended);
    } else if (name === undefined) throw new Error(`nothing before ${token.mark}`);
    else if (token.mark === "{") stack.push({ name, args, body: [] });
    else top().body.push({ name, args });
  }
  if (stack.length > 1 || words.length > 0) throw new Error("the end is missing");
  return top().body;
}

/** Arguments of all directives of a name in a block, in order. */
export function argsOf(body: readonly Directive[] | undefined, name: string): (readonly string[])[] {
  return (body ?? []).filter((one) => one.name === name).map(({ args }) => args);
}

/** The only block of a name. */
export function blockOf(body: readonly Directive[], name: string): readonly Directive[] {
  const [found, ...more] = body.filter((one) => one.name === name && one.body);
  if (!found?.body || more.length > 0) throw new Error(`allowed one block ${name}`);
  return found.body;
}

/** Blocks of a name by their arguments, in one word. */
export function blocksOf(body: readonly Directive[], name: string): Record<string, readonly Directive[]> {
  return Object.fromEntries(
    body.flatMap(({ name: found, args, body: inner }) => (found === name && inner ? [[args.join(" "), inner]] : [])),
  );
}

/** Every directive at any depth. */
export function everyDirective(body: readonly Directive[]): Directive[] {
  return body.flatMap((one) => [one, ...everyDirective(one.body ?? [])]);
}
