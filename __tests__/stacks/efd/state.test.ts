import { allStacks, stack } from "../../support/sites";
import { at, WITH_LOAD_BALANCERS } from "../support";

describe("state", () => {
  const backend = (site: string, layer: string) => at(stack(site, layer).json.terraform, "backend");

  test.each(WITH_LOAD_BALANCERS)("EFD-56: %s keeps its states in a bucket of Google that is an input", (site) => {
    for (const layer of ["cluster", "platform", "efd"]) {
      // Google encrypts every bucket, and the backend locks by itself.
      expect(backend(site, layer)).toEqual({ gcs: { prefix: `efd/${site}/${layer}` } });
      const variable = stack(site, layer).json.variable?.["state_bucket"];
      expect(variable).toMatchObject({ type: "string", description: expect.stringContaining("bucket") as string });
      expect(variable).not.toHaveProperty("default");
    }
  });

  // docs/acceptance/efd.md#sites: NCSA's are in PostgreSQL. PG_CONN_STR says where; the backend locks by itself.
  test("EFD-56: ncsa keeps each state in a schema of its own", () => {
    for (const layer of ["cluster", "platform", "efd"])
      expect(backend("ncsa", layer)).toEqual({ pg: { schema_name: `ncsa-${layer}` } });
  });

  test.each(["tucson", "summit"])("EFD-56: %s keeps encrypted, locked states in the bucket of 2019", (site) => {
    for (const layer of ["cluster", "platform", "efd"])
      expect(backend(site, layer)).toEqual({
        s3: {
          bucket: "lsstsqre-tf-state-test",
          region: "us-west-2",
          key: `efd/${site}/${layer}/terraform.tfstate`,
          encrypt: true,
          use_lockfile: true,
        },
      });
  });

  test("EFD-56: local keeps its states in files below the checkout", () => {
    for (const layer of ["cluster", "platform", "efd"])
      expect(backend("local", layer)).toEqual({ local: { path: `../../../.state/local-${layer}.tfstate` } });
  });

  test("EFD-56: no two stacks share a state", () => {
    const places = allStacks().map(({ json }) => JSON.stringify(at(json.terraform, "backend")));
    expect(new Set(places).size).toBe(places.length);
  });
});
