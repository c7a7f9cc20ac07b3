/** What a site's file can hold beside data: each is the user's mistake with its place, and none a stack. */
import { EnvironmentError, parseEnvironment, parseSites, siteName } from "../../environments/parse";
import type { EnvironmentInput } from "../../environments/schema";
import { allTopicsOf } from "../../environments/sites/cscs";
import { mistakesOf, siteWith, smallSite } from "../support/environment";

/** The small site with a value that no copy can be made of. */
function siteHolding(path: readonly string[], value: unknown): unknown {
  const site = smallSite() as unknown as Record<string, unknown>;
  const parent = path.slice(0, -1).reduce((inner, key) => inner[key] as Record<string, unknown>, site);
  Object.defineProperty(parent, path.at(-1)!, { value, enumerable: true, configurable: true });
  return site;
}

class Topics {
  readonly topics = ["a.b"];
}
const circle: Record<string, unknown> = { name: "c" };
circle["again"] = { circle };
const endless = (): unknown =>
  new Proxy(
    {},
    {
      ownKeys: () => ["a"],
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
      get: (_target, key) => (key === "a" ? endless() : undefined),
    },
  );
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();
const failing = {
  get x(): never {
    throw new Error("no such file\nsecond line");
  },
};

const STRANGE: [what: string, value: unknown, found: string, remedy: string][] = [
  ["a function that is not called", allTopicsOf, "got the function allTopicsOf", "Call it: allTopicsOf(…)."],
  ["a function without a name", (() => () => [])(), "got a function", "Write what it gives."],
  ["a class", Topics, "got the function Topics", "Call it: Topics(…)."],
  ["a symbol", Symbol("x"), "got a symbol", "Write a text in quotes."],
  ["a BigInt", 15n, "got 15n", "Write the number without n."],
  ["a promise", Promise.resolve([]), "got a promise", "Write what it gives, for nothing waits for a site's file."],
  ["a date", new Date(0), "got an object of class Date", "Write its values."],
  ["a map", new Map([["a", 1]]), "got an object of class Map", "Write its values."],
  ["a set", new Set(["a.b"]), "got an object of class Set", "Write its values."],
  ["a pattern", /a/, "got an object of class RegExp", "Write its values."],
  ["a URL", new URL("https://a.b"), "got an object of class URL", "Write its values."],
  ["an object of a class", new Topics(), "got an object of class Topics", "Write its values."],
  ["a text in a box", Object("text"), "got an object of class String", "Write its values."],
  ["a revoked proxy", revoked, "got an error when it was read (", "Write the value itself."],
  ["a list without end", new Array(2 ** 31), "got a list of 2147483648", "Write 10000 at most."],
];
const ALLOWED = "Allowed: text, a number, true, false, a list, or keys in braces.";

const PLACES: [path: string[], spelled: string][] = [
  [["name"], "environment.name"],
  [["title"], "toy.title"],
  [["cluster"], "toy.cluster"],
  [["cluster", "address"], "toy.cluster.address"],
  [["kafka", "brokers", "1"], "toy.kafka.brokers[1]"],
  [["kafka", "brokers", "1", "id"], "toy.kafka.brokers[1].id"],
  [["telegraf", "consumers", "0", "topics"], "toy.telegraf.consumers[0].topics"],
  [["telegraf", "consumers", "0", "topics", "0"], "toy.telegraf.consumers[0].topics[0]"],
  [["influxdb", "retention"], "toy.influxdb.retention"],
  [["chartSource"], "toy.chartSource"],
];

describe.each(PLACES)("at %j", (path, place) => {
  test.each(STRANGE)("%s is one line", (_what, value, found, remedy) => {
    const [line, ...others] = mistakesOf(siteHolding(path, value));
    expect(others).toEqual([]);
    expect(line).toContain(`${place}: ${found}`);
    expect(line?.endsWith(`. ${ALLOWED} ${remedy}`)).toBe(true);
  });

  test("a number that is none is shown as it is", () => {
    if (path[0] === "name") return;
    for (const value of [NaN, Infinity, -Infinity])
      expect(mistakesOf(siteHolding(path, value))[0]).toContain(`${place}: got ${value}. Allowed: `);
  });
});

test("what cannot be read, or has no end, is said where that is", () => {
  const at = (value: unknown) => mistakesOf(siteHolding(["influxdb", "resources"], value));
  expect(at(failing)).toEqual(
    [
      "toy.influxdb.resources.x: got an error when it was read (no such file). " + ALLOWED + " Write the value itself.",
      expect.stringMatching(/^toy\.influxdb\.resources\.x: unknown key/) as string,
    ].reverse(),
  );
  expect(at(circle).join("\n")).toContain("toy.influxdb.resources.again.circle: got what holds itself. Allowed: ");
  expect(at(endless()).join("\n")).toContain("got braces without end. Allowed: ");
});

test("a whole site can be none", () => {
  const lines = (input: unknown) => mistakesOf(input);
  expect(lines(() => smallSite())).toEqual([`environment: got a function. ${ALLOWED} Write what it gives.`]);
  expect(lines(Promise.resolve(smallSite()))).toEqual([
    `environment: got a promise. ${ALLOWED} Write what it gives, for nothing waits for a site's file.`,
  ]);
  expect(lines(10n)[0]).toMatch(/^environment: got 10n/);
});

test("keys of other languages change nothing", () => {
  const site = { ...smallSite(), ...(JSON.parse('{"__proto__": {"title": "x"}, "constructor": 1}') as object) };
  expect(mistakesOf(site)).toEqual([
    expect.stringMatching(/^toy\.__proto__: unknown key/),
    expect.stringMatching(/^toy\.constructor: unknown key/),
  ]);
});

describe("in the list of sites", () => {
  const mistakes = (...sites: unknown[]) => {
    try {
      parseSites(sites as EnvironmentInput[]);
      return [];
    } catch (error) {
      if (error instanceof EnvironmentError) return error.mistakes;
      throw error;
    }
  };

  test("what is none is named by its place", () => {
    expect(mistakes(null, smallSite(), undefined, 5, { ...smallSite(), name: undefined }, smallSite)).toEqual([
      "SITES[0]: got null. Allowed: a site. Remove it.",
      "SITES[2]: got nothing. Allowed: a site. Import it by the name that its file exports.",
      "SITES[3]: got 5. Allowed: keys in braces. Correct it.",
      expect.stringMatching(/^SITES\[4\]\.name: got nothing\. Allowed: .* Add it\.$/),
      `SITES[5]: got the function smallSite. ${ALLOWED} Call it: smallSite(…).`,
      expect.stringMatching(/^SITES\[4\]\.cluster\.dockerHost: ssh:\/\/host\.example\.org is toy's too\. /),
    ]);
  });

  test("a name is found in whatever is there", () => {
    expect([smallSite(), null, undefined, 3, revoked, failing, { name: 5 }].map(siteName)).toEqual([
      "toy",
      ...Array.from({ length: 6 }),
    ]);
  });
});

test("lines show every sign, and stay lines", () => {
  const name = "a\nb\u202e\u001b[31m" + "x".repeat(1000);
  const lines = mistakesOf(siteWith({ name, "a\nkey": 1, title: "two\nlines" }));
  for (const line of lines) expect(line).not.toMatch(/\p{Cc}|\p{Cf}/u);
  expect(lines.every((line) => line.length < 1500)).toBe(true);
});

test("a value that is read twice is the same", () => {
  let reads = 0;
  const site = smallSite();
  Object.defineProperty(site, "title", { get: () => `read ${++reads}`, enumerable: true });
  expect(parseEnvironment(site).title).toBe("read 1");
});
