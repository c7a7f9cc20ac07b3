import { UsageError } from "../../../../ground/errors";
import { namesOf, selectLayers, selectSite, selectSites } from "../../../../cli/shared/site/sites";
import { EnvironmentError } from "../../../../environments/parse";
import { siteWith } from "../../../support/environment";

const at = (host: string, number: number) => ({
  "cluster.dockerHost": `ssh://${host}.example.org`,
  "cluster.address": `192.0.2.${number}`,
});
const SITES = [
  siteWith({}),
  siteWith({ name: "bad", "kafka.retention": "x", "cluster.apiPort": 443, ...at("bad", 2) }),
  siteWith({ name: "far", ...at("far", 3) }),
  siteWith({ name: "near" }),
];

function thrown(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

test("sites that are no list are a mistake of the file", () => {
  expect(thrown(() => namesOf({ toy: siteWith({}) } as never))).toMatchObject({
    name: "UserError",
    message: "environments/index.ts: SITES is no list. Allowed: a list of sites. Write them in square brackets.",
  });
});

test("an unknown site lists the known ones and is a wrong call", () => {
  for (const action of [() => selectSite(SITES, "x"), () => selectSites(SITES, ["toy", "x"])]) {
    const error = thrown(action);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ message: "unknown site x: known are toy, bad, far, near", exitCode: 2 });
  }
});

test("an unknown layer lists the site's layers and is a wrong call", () => {
  expect(thrown(() => selectLayers("toy", ["platform", "efd"], "cluster"))).toMatchObject({
    message: "unknown layer cluster: toy has platform, efd",
    exitCode: 2,
  });
});

test("no layer means all, one means that one", () => {
  expect(selectLayers("toy", ["platform", "efd"])).toEqual(["platform", "efd"]);
  expect(selectLayers("toy", ["platform", "efd"], "efd")).toEqual(["efd"]);
});

test("no site means all, and each is taken once", () => {
  expect(selectSites([SITES[0]!, SITES[2]!], []).map(({ name }) => name)).toEqual(["toy", "far"]);
  expect(selectSites(SITES, ["far", "far"]).map(({ name }) => name)).toEqual(["far"]);
});

test("every mistake of an invalid site is told, and a valid one is not held back by it", () => {
  const error = thrown(() => selectSites(SITES.slice(0, 3), []));
  expect(error).toBeInstanceOf(EnvironmentError);
  expect((error as EnvironmentError).mistakes).toEqual([
    expect.stringMatching(/^bad\.kafka\.retention: /),
    expect.stringMatching(/^bad\.cluster\.apiPort: /),
  ]);
  expect(selectSite(SITES, "toy").name).toBe("toy");
});

test("what a site has together with one that is not asked for is told, and nothing else of that one", () => {
  expect(thrown(() => selectSite(SITES, "near"))).toMatchObject({
    site: "near",
    mistakes: [expect.stringMatching(/^near\.cluster\.dockerHost: ssh:\/\/host\.example\.org is toy's too\. /)],
  });
});

test("a site that is exported under another name is said by its place, and hides no other", () => {
  const [toy, ...others] = SITES;
  const sites = [undefined, toy, ...others] as typeof SITES;
  expect(selectSite(sites, "toy").name).toBe("toy");
  expect(() => selectSite(sites, "x")).toThrow("unknown site x: known are toy, bad, far, near");
  expect(thrown(() => selectSites(sites))).toMatchObject({
    mistakes: expect.arrayContaining([expect.stringMatching(/^SITES\[0\]: got nothing\. Allowed: a site\. Import /)]),
  });
});
