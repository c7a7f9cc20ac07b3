import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import { appOf } from "../../../cli/shared/site/synthesis";
import { selectSites } from "../../../cli/shared/site/sites";
import { SITES } from "../../../environments";
import { movedIdentities, statefulAddresses } from "../../../tools/identities";
import { committedContract, contractOf, CONTRACTS, contractText } from "../../../tools/identities/contracts";
import { refusedSteps } from "../../../tools/identities/running";
import { shrunkVolumes } from "../../../tools/identities/volumes";
import { expectCommitted, staleFiles } from "../../support/committed";
import { allStacks, SITE_NAMES, stacksOf, sharedFolder } from "../../support/sites";

const stacks = allStacks();
const environments = selectSites(SITES);
const marked = statefulAddresses(appOf(environments, sharedFolder("identities")));

describe("identities are a contract", () => {
  test.each(environments.map((one) => [one.name, one] as const))(
    "%s keeps every address, claim, pool, topic and user, and goes only where it can from what runs",
    (site, environment) => {
      const committed = committedContract(site);
      const now = contractOf(environment, stacks, marked);
      expect(refusedSteps(site, committed?.running, now.running)).toEqual([]);
      expect(shrunkVolumes(site, committed ?? {}, now)).toEqual([]);
      const moved = movedIdentities(committed ?? {}, now);
      if (committed && moved.length > 0)
        throw new Error(
          `Identities of ${site} moved. Terraform, Strimzi or the provisioner would take what is marked "-" away and ` +
            `begin "+" empty: a change here can lose data.\n${moved.join("\n")}\n` +
            "Give the old name back, or write a `moved` entry and say in the commit why no data is lost; then `npm run identities`.",
        );
      expectCommitted(join(CONTRACTS, `${site}.json`), contractText(now), "`npm run identities`, and commit it", false);
    },
  );

  test("every list belongs to a site", () => {
    expect(
      staleFiles(
        CONTRACTS,
        SITE_NAMES.map((site) => `${site}.json`),
        false,
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
      const after = stacksOf({ ...site, cluster: { ...site.cluster, version: "v1.37.7-k3s2" } });
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
