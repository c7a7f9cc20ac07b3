import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onExisting, synthesizeHere } from "../../../e2e/rehearsal/synthesis";
import { layersOf, stackName } from "../../../environments/derived/layers";
import { parseEnvironment } from "../../../environments/parse";
import { gkeSite } from "../../support/environment";
import { environmentOf, SITE_NAMES } from "../../support/sites";

const folder = mkdtempSync(join(tmpdir(), "efd-synthesis-"));
afterAll(() => rmSync(folder, { recursive: true }));
const props = { kubeconfig: join(folder, "kubeconfig"), states: join(folder, "states"), out: join(folder, "out") };

test("a site of this tree has its upper layers only, states in the folder, nothing protected", () => {
  const [site = ""] = SITE_NAMES;
  synthesizeHere(site, props);
  const { stacks } = JSON.parse(readFileSync(join(props.out, "manifest.json"), "utf8")) as { stacks: object };
  const upper = layersOf(environmentOf(site)).filter((layer) => layer !== "cluster");
  expect(Object.keys(stacks).sort()).toEqual(upper.map((layer) => stackName(site, layer)).sort());
  const text = readFileSync(join(props.out, "stacks", `${site}-efd`, "cdk.tf.json"), "utf8");
  expect(text).not.toContain("prevent_destroy");
  expect(JSON.parse(text)).toMatchObject({
    terraform: { backend: { local: { path: join(props.states, `${site}-efd.tfstate`) } } },
    provider: { kubernetes: [{ config_path: props.kubeconfig }] },
  });
});

test("a site that this tree does not have is named", () => {
  expect(() => synthesizeHere("nowhere", props)).toThrow("this revision has no site nowhere");
});

test("who makes volumes stays the same", () => {
  expect(onExisting(parseEnvironment(gkeSite()), "/k").cluster).toMatchObject({
    kind: "existing",
    provisioner: "gce-pd",
  });
});
