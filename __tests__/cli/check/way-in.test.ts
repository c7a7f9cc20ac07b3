import { clusterProblem } from "../../../cli/check/way-in";
import { parseEnvironment } from "../../../environments/parse";
import { UserError } from "../../../ground/errors";
import { smallSite } from "../../support/environment";
import { fakeClients } from "./support";

const site = parseEnvironment(smallSite());
const withNamespaces = (...names: string[]) =>
  fakeClients({ objects: { "/api/v1/namespaces": names.map((name) => ({ metadata: { name } })) } });

it("leads into a cluster that has the site", async () => {
  const close = jest.fn();
  const clients = { ...withNamespaces("default", "kafka"), close };
  expect(await clusterProblem(site, () => clients)).toBeUndefined();
  expect(close).toHaveBeenCalledTimes(1);
});

it("says that nothing is deployed", async () => {
  expect(await clusterProblem(site, () => withNamespaces("default"))).toBe(
    "the cluster has no namespace of toy, so nothing is deployed there: npm run deploy -- toy",
  );
});

it("says why the cluster does not answer", async () => {
  const clients = fakeClients();
  const list = () => Promise.reject(new UserError("the cluster does not answer at https://x: ECONNREFUSED"));
  expect(await clusterProblem(site, () => ({ ...clients, cluster: { ...clients.cluster, list } }))).toBe(
    "the cluster does not answer at https://x: ECONNREFUSED",
  );
});

it("gives a cluster that accepts and never answers the seconds that it has", async () => {
  const clients = fakeClients();
  const problem = await clusterProblem(
    site,
    (signal) => {
      const list = () =>
        new Promise<never>((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new UserError("aborted")));
        });
      return { ...clients, cluster: { ...clients.cluster, list } };
    },
    1,
  );
  expect(problem).toMatch(/^the cluster does not answer within 1 s: /);
});
