import { hostsOf } from "../../../../environments/derived/hosts";
import { podsOf } from "../../../../environments/derived/capacity";
import { parseEnvironment } from "../../../../environments/parse";
import { mistakesOf, siteWith } from "../../../support/environment";

const site = (restProxy?: object) => parseEnvironment(siteWith({ restProxy }));

test.each([
  [{ prefixes: [] }, "toy.restProxy.prefixes: got []. Allowed: at least 1 in the list. Add one."],
  [
    { prefixes: ["lsst.cp*"] },
    'toy.restProxy.prefixes[0]: got "lsst.cp*". Allowed: 1–249 letters, digits, dots, hyphens and underscores, without *. Write the beginning of their names.',
  ],
  [
    { prefixes: ["a"], heap: "8Gi" },
    "toy.restProxy.heap: unknown key. Allowed: prefixes, replicas, resources. Correct or remove it.",
  ],
])("%j is refused", (restProxy, line) => {
  expect(mistakesOf(siteWith({ restProxy }))).toEqual([line]);
});

test("no client has the name of its account", () => {
  const clients = [{ name: "rest-proxy", description: "d", prefixes: ["p"], access: "all" }];
  expect(mistakesOf(siteWith({ "kafka.clients": clients }))).toHaveLength(1);
});

test("its replicas count in the capacity, and it has a host, only where there is one", () => {
  const memory = (environment: ReturnType<typeof site>) =>
    podsOf(environment).reduce((sum, one) => sum + one.memory, 0);
  const proxy = site({ prefixes: ["a"], replicas: 3 });
  expect(memory(proxy) - memory(site())).toBe(3 * 2 ** 30);
  const host = "rest-proxy-toy-efd.example.org";
  expect([hostsOf(proxy).includes(host), hostsOf(site()).includes(host)]).toEqual([true, false]);
});
