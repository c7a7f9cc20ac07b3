/** Every command of the runbooks exists: names and options as the program's own help names them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { commandLine } from "../../cli/program";
import { LAYERS } from "../../environments/derived/layers";
import { linesOf, RUNBOOKS, runbookLines, TRIED, TRIED_ON_DATA } from "../../e2e/runbooks/lines";
import { context } from "../cli/support";
import { CHECKOUT, SITE_NAMES } from "../support/sites";

const lines = runbookLines();
const scripts = (
  JSON.parse(readFileSync(join(CHECKOUT, "package.json"), "utf8")) as { scripts: Record<string, string> }
).scripts;

/** What `npm run` starts, in the words that the program gets. */
function words(command: string): string[] {
  const [, name = "", rest = ""] = /^npm run (?:-s )?(\S+)(?: -- (.*))?$/.exec(command) ?? [];
  return [name, ...rest.split(" ").filter(Boolean)];
}

const main = commandLine({ contextOf: () => context(), exit: () => undefined });

/** The help of a command, and of a command of a command; that of the program where there is no such one. */
function help(command: string): string {
  return command
    .split(" ")
    .reduce((parent, name) => parent.commands.find((one) => one.name() === name) ?? parent, main)
    .helpInformation();
}

/** What is wrong with a command of ours. */
function faults(command: string): string[] {
  const [script = "", ...rest] = words(command);
  if (!scripts[script]?.includes("cli/index.ts")) return script in scripts ? [] : [`there is no npm script ${script}`];
  const name = script === "charts" ? `${script} ${rest.shift()}` : script;
  const text = help(name);
  const usage = /^Usage: efd (.*)$/m.exec(text)?.[1] ?? "";
  if (!usage.startsWith(`${name} `)) return [`there is no command ${name}`];
  const options = new Map(
    [...text.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)( [<[]\S+)?/gm)].map(([, option, value]) => [
      option,
      value !== undefined,
    ]),
  );
  const found: string[] = [];
  const given: string[] = [];
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i] ?? "";
    if (!word.startsWith("--")) given.push(word);
    else if (!options.has(word)) found.push(`${name} has no option ${word}`);
    else if (options.get(word)) i++;
  }
  const named = (usage.match(/[<[][a-z]/g) ?? []).length - 1;
  // The last one may be given several times: `[subjects...]`.
  const [most, least] = [usage.includes("...]") ? Infinity : named, (usage.match(/<[a-z]/g) ?? []).length];
  if (given.length < least || given.length > most)
    found.push(`${name} takes ${least} to ${most} words, not ${given.length}`);
  const takesSite = /<site>/.test(usage);
  if (takesSite && !SITE_NAMES.includes(given[0] ?? "")) found.push(`there is no site ${given[0]}`);
  if (/\[layer\]/.test(usage) && given[1] !== undefined && !LAYERS.some((layer) => layer === given[1]))
    found.push(`there is no layer ${given[1]}`);
  return found;
}

test("there are runbooks, and commands in each", () => {
  const files = readdirSync(RUNBOOKS);
  expect(files).toEqual([
    "first-deployment.md",
    "lost-host.md",
    "no-outside-link.md",
    "refused-points.md",
    "restore.md",
    "upgrade.md",
  ]);
  for (const file of files) expect(lines.filter(({ where }) => where.startsWith(file)).length).toBeGreaterThan(5);
});

test("every command of ours parses, in the other documents too", () => {
  const others = ["README.md", ...["operations", "review", "development"].map((name) => `docs/${name}.md`)];
  const all = [...lines, ...others.flatMap((name) => linesOf(name, readFileSync(join(CHECKOUT, name), "utf8")))];
  const ours = all.filter(({ command }) => command.startsWith("npm run "));
  expect(ours.length).toBeGreaterThan(40);
  const found = ours.flatMap(({ where, command }) => faults(command).map((fault) => `${where}: ${fault}`));
  expect(found).toEqual([]);
});

test("a command, an option, a site, a layer or a word too many is found", () => {
  const wrong = [
    "npm run deplay -- summit",
    "npm run deploy -- summit --dryrun",
    "npm run deploy -- nowhere",
    "npm run deploy -- summit top",
    "npm run access -- summit efd",
    "npm run charts -- push /data",
  ];
  for (const command of wrong) expect([command, faults(command)]).toEqual([command, [expect.any(String)]]);
});

test("any other program's command says whether it was tried", () => {
  const others = lines.filter(({ command }) => !/^(npm |export |unset )/.test(command));
  expect(others.length).toBeGreaterThan(20);
  const says = (mark: string) => mark === TRIED || mark === TRIED_ON_DATA || mark.startsWith("not run");
  expect(others.filter(({ mark }) => !says(mark)).map(({ where }) => where)).toEqual([]);
});

test("a line is read with its mark, also inside a list", () => {
  const text = "text\n\n1. ```sh\n   kubectl get a   # not run: b\n   ```\n\n```text\nkubectl no\n```\n";
  expect(linesOf("f.md", text)).toEqual([{ where: "f.md:4", command: "kubectl get a", mark: "not run: b" }]);
});
