/**
 * Options that npm took for its own: in `npm run deploy local --dry-run`, without `--` before them, npm gives the
 * script no option, only a variable `npm_config_dry_run`, and what was meant as a plan would be an apply.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "../../../ground/errors";

/** Variables of the environment. */
type Variables = Readonly<Record<string, string | undefined>>;

/** How npm started this program. */
export interface NpmCall {
  readonly env: Variables;
  /** `process.argv` without Node. */
  readonly argv: readonly string[];
  /** The environment that npm itself was started with; undefined where that cannot be known. */
  readonly npmEnv?: Variables | undefined;
  /** Text of a file; empty where there is none. */
  readonly read?: (path: string) => string;
}

/** An option of this program: `--out`, and as its help has it: `--out <dir>`. */
export interface OwnOption {
  readonly long?: string | undefined;
  readonly flags: string;
  /** Whether it needs a value. */
  readonly required: boolean;
}

const PREFIX = "npm_config_";

/** Options of npm that do nothing to a script, and that somebody means for ours. */
const MEANT_FOR_US = ["dry_run", "yes", "json", "force", "all", "diff", "long", "name", "only"];

/** What npm says of itself in every script without defining it as an option. */
const OF_NPM = ["npm_version", "global_prefix", "local_prefix", "metrics_registry", "node_gyp", "user_agent"];

const underlined = (name: string): string => name.replace(/^-+/, "").replaceAll("-", "_");

/** Names of npm's own options, as its sources define them; undefined where those are not where they were. */
function knownToNpm({ env, read = readText }: NpmCall): ReadonlySet<string> | undefined {
  const { npm_execpath: npm } = env;
  if (!npm) return undefined;
  const file = join(dirname(npm), "..", "node_modules", "@npmcli", "config", "lib", "definitions", "definitions.js");
  const names = [...read(file).matchAll(/new Definition\('([\w.-]+)'/g)].map(([, name = ""]) => underlined(name));
  return names.length > 0 ? new Set([...names, ...OF_NPM]) : undefined;
}

/** Arguments behind the script's own words; undefined where npm did not start this program. */
function argumentsOf({ env, argv: [program = "", ...rest] }: NpmCall): string[] | undefined {
  const { npm_lifecycle_event: event, npm_lifecycle_script: script } = env;
  if (event !== undefined && script === undefined) return rest.slice(1);
  const words = (script ?? "").split(/\s+/);
  const place = words.findIndex((word) => /[\w-]\.[cm]?[jt]s$/.test(word) && program.endsWith(`/${word}`));
  return place < 0 ? undefined : rest.slice(words.length - place - 1);
}

/** Settings in the `.npmrc` files that npm reads: npm hands them on like options. */
function configured({ env, read = readText }: NpmCall): Map<string, string> {
  const { npm_execpath: npm } = env;
  const files = [
    ...(npm ? [join(dirname(npm), "..", "npmrc")] : []),
    env["npm_config_globalconfig"],
    env["npm_config_userconfig"],
    join(env["npm_config_local_prefix"] ?? ".", ".npmrc"),
  ];
  const lines = files.flatMap((file) => (file ? read(file).split("\n") : []));
  return new Map(
    lines.flatMap((line) => {
      const [, key, value = "true"] = /^\s*([A-Za-z][\w.-]*)(?:\[\])?\s*(?:=\s*(.*?)\s*)?$/.exec(line) ?? [];
      return key === undefined ? [] : [[key.toLowerCase().replaceAll("-", "_"), value] as const];
    }),
  );
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** What `.npmrc` says, as npm writes it into a variable; other texts than these npm may write differently. */
const SWITCHES: Readonly<Record<string, string>> = { true: "true", false: "", null: "", undefined: "" };

/**
 * Options of the command line that npm kept, with their values: `true` of one without a value, empty of `--no-…`. They
 * are ours, or nobody's: what npm knows and we do not is npm's.
 */
export function keptByNpm(call: NpmCall, options: readonly OwnOption[]): Map<string, string> {
  if (argumentsOf(call) === undefined) return new Map();
  const { env, npmEnv } = call;
  const files = configured(call);
  const own = new Set([...options.map(({ long = "" }) => underlined(long)), ...MEANT_FOR_US]);
  const npms = knownToNpm(call);
  const kept = Object.entries(env).flatMap(([variable, value = ""]) => {
    const name = variable.startsWith(PREFIX) ? variable.slice(PREFIX.length) : "";
    const concernsUs = own.has(name) || (npms !== undefined && /^[a-z]/.test(name) && !npms.has(name));
    if (!concernsUs || npmEnv?.[variable] === value) return [];
    const file = files.get(name);
    return file !== undefined && (SWITCHES[file] ?? value) === value ? [] : [[name, value] as const];
  });
  return new Map(kept.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function quoted(word: string): string {
  return /^[\w./:@=~^+-]+$/.test(word) ? word : `"${word.replace(/["$`\\]/g, "\\$&")}"`;
}

/** The line that gives these options to the script. A value that was written with a space is the last argument now. */
function lineOf(call: NpmCall, kept: ReadonlyMap<string, string>, options: readonly OwnOption[]): string {
  const given = argumentsOf(call) ?? [];
  const flagOf = (name: string) => `--${name.replaceAll("_", "-")}`;
  const needsValue = (name: string) => options.find(({ long, required }) => required && long === flagOf(name));
  const bare = [...kept].filter(([name, value]) => value === "true" && needsValue(name));
  const values = given.length > bare.length ? given.slice(given.length - bare.length) : [];
  const flags = [...kept].flatMap(([name, value]) => {
    if (value === "") return [`--no-${name.replaceAll("_", "-")}`];
    if (value !== "true") return [flagOf(name), quoted(value)];
    const option = needsValue(name);
    if (!option) return [flagOf(name)];
    // The order in which npm met several is lost.
    const [only] = bare.length === 1 ? values : [];
    return only === undefined ? [option.flags] : [flagOf(name), quoted(only)];
  });
  const event = call.env["npm_lifecycle_event"] ?? "";
  const script = event === "start" ? "npm start" : `npm run ${event}`;
  return [script, "--", ...given.slice(0, given.length - values.length).map(quoted), ...flags].join(" ");
}

/**
 * Refuses to work where npm kept an option.
 *
 * @throws {UsageError} with the line to type instead.
 */
export function refuseWhatNpmKept(call: NpmCall, options: readonly OwnOption[]): void {
  const kept = keptByNpm(call, options);
  if (kept.size === 0) return;
  const names = [...kept].map(([name, value]) => `--${value === "" ? "no-" : ""}${name.replaceAll("_", "-")}`);
  const variables = [...kept.keys()].map((name) => `${PREFIX}${name}`);
  throw new UsageError(
    `npm took ${names.join(", ")} for its own, and nothing was done: options of a script stand behind --. Type: ${lineOf(call, kept, options)}\n(Where your environment sets ${variables.join(", ")} itself, unset it: unset ${variables.join(" ")})`,
  );
}

/** This process as npm started it. On Linux it shows which variables npm did not set itself. */
export function npmCall(): NpmCall {
  const { env, argv } = process;
  return { env, argv: argv.slice(1), npmEnv: env["npm_lifecycle_script"] ? npmEnvironment(env) : undefined };
}

/** Most processes between npm and this one: a shell, and what the shell starts. */
const MOST_ANCESTORS = 4;

/** The environment of the nearest process above that runs no script of npm's: npm itself. */
function npmEnvironment(env: Variables): Variables | undefined {
  let pid = process.ppid;
  for (let i = 0; i < MOST_ANCESTORS && pid > 1; i++) {
    const pairs = readText(`/proc/${pid}/environ`)
      .split("\0")
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)] as const);
    if (pairs.length < 2) return undefined;
    const found: Variables = Object.fromEntries(pairs);
    if (found["npm_lifecycle_script"] !== env["npm_lifecycle_script"]) return found;
    pid = Number(/^PPid:\s*(\d+)$/m.exec(readText(`/proc/${pid}/status`))?.[1] ?? 0);
  }
  return undefined;
}
