import { readFileSync, existsSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import { appOf } from "../../cli/lib/program";
import { selectSites } from "../../cli/lib/sites";
import { SITES } from "../../environments";
import { type Identities, identitiesOf, movedIdentities, statefulAddresses } from "../../tools/identities";
import { expectCommitted, staleFiles } from "../support/committed";
import { allStacks, CHECKOUT, SITE_NAMES, stacksOf, workerFolder } from "../support/sites";

const FOLDER = join(CHECKOUT, "__tests__", "identities");
/** Not `-u`: who updates snapshots does not thereby agree to lose data. */
const UPDATE = process.env["UPDATE_IDENTITIES"] === "1";

const stacks = allStacks();
const marked = statefulAddresses(appOf(selectSites(SITES), workerFolder("identities")));

describe("EFD-D6: identities are a contract", () => {
  test.each(SITE_NAMES)("%s keeps every address, claim, pool, topic and user", (site) => {
    const path = join(FOLDER, `${site}.json`);
    const now = identitiesOf(
      stacks.filter((stack) => stack.site === site),
      marked,
    );
    if (!UPDATE && existsSync(path)) {
      const moved = movedIdentities(JSON.parse(readFileSync(path, "utf8")) as Partial<Identities>, now);
      if (moved.length > 0)
        throw new Error(
          `Identities of ${site} moved. Terraform, Strimzi or the provisioner would take what is marked "-" away and ` +
            `begin "+" empty: a change here can lose data.\n${moved.join("\n")}\n` +
            "Give the old name back, or write a `moved` entry and say in the commit why no data is lost; then `npm run identities`.",
        );
    }
    expectCommitted(path, `${JSON.stringify(now, undefined, 2)}\n`, "`npm run identities`, and commit it", UPDATE);
  });

  test("every list belongs to a site", () => {
    expect(
      staleFiles(
        FOLDER,
        SITE_NAMES.map((site) => `${site}.json`),
        UPDATE,
      ),
    ).toEqual([]);
  });

  test("what holds state is protected wherever destroying is not allowed, and nowhere else", () => {
    const allowed = new Set(SITES.flatMap((site) => site.allowDestroys ?? []));
    for (const stack of stacks)
      for (const { address, body } of stack.resources()) {
        const { prevent_destroy: kept = false } = (body["lifecycle"] ?? {}) as { prevent_destroy?: boolean };
        const stateful = marked.has(`${stack.name}: ${address}`);
        expect([stack.name, address, kept]).toEqual([stack.name, address, stateful && !allowed.has(stack.name)]);
      }
  });

  test("ids of stateful resources carry no hash, so that a construct may move", () => {
    expect([...marked].filter((address) => /_[0-9A-F]{8}$/.test(address))).toEqual([]);
  });
});

describe("a new release of k3s", () => {
  const k3sSites = SITES.filter((site) => site.cluster.kind === "k3s");

  test.each(k3sSites.map((site) => [site.name, site] as const))(
    "replaces images and containers of %s only",
    (_name, site) => {
      const before = stacks.filter((stack) => stack.site === site.name);
      const after = stacksOf({ ...site, cluster: { ...site.cluster, version: "v1.99.7-k3s2" } });
      const changed = before.flatMap((stack, i) => {
        const next = new Map(after[i]?.resources().map(({ address, body }) => [address, body]));
        const own = stack.resources();
        return [
          ...own.filter(({ address, body }) => !isDeepStrictEqual(body, next.get(address))),
          ...[...next.keys()]
            .filter((address) => !own.some((one) => one.address === address))
            .map((address) => ({ address })),
        ].map(({ address }) => `${stack.layer} ${address}`);
      });
      expect(changed.length).toBeGreaterThan(0);
      expect(changed.filter((line) => !/^cluster docker_(image|container)\./.test(line))).toEqual([]);
    },
  );
});
