import { stopAll } from "../../../../../e2e/data-path/program";
import { Vault } from "../../../../../e2e/nodes/scenarios/second-day/vault";

afterAll(stopAll);

test("a Vault gives what is below the path of the site, to the token that counts", async () => {
  const vault = await Vault.start({ address: "127.0.0.1", mount: "secret", path: "nodes/efd" });
  vault.token = "first";
  vault.secrets = new Map([["efdreader", { password: "one" }]]);
  const ask = async (path: string, token: string) => {
    const answer = await fetch(`${vault.url}${path}`, { headers: { "X-Vault-Token": token } });
    return [answer.status, await answer.json()];
  };
  const place = "/v1/secret/data/nodes/efd/efdreader";
  expect(await ask(place, "first")).toEqual([200, { data: expect.objectContaining({ data: { password: "one" } }) }]);
  expect(await ask("/v1/secret/data/nodes/efd/telegraf-secret", "first")).toEqual([404, { errors: [] }]);
  expect(await ask("/v1/secret/data/other/efdreader", "first")).toEqual([404, { errors: [] }]);
  expect(await ask("/v1/auth/token/lookup-self", "first")).toEqual([
    200,
    { data: expect.objectContaining({ type: "service" }) },
  ]);
  vault.token = "second";
  expect(await ask(place, "first")).toEqual([403, { errors: ["permission denied"] }]);
  expect((await ask("/v1/auth/token/lookup-self", "first"))[0]).toBe(403);
});
