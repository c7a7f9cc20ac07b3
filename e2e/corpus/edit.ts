/** By which cases change a synthesized stack. */
import { readYaml, toYaml } from "../../synthesized/yaml";
import type { EditableJson } from "./case";

/** The resource of this type whose id is like this. */
export const only = (stack: EditableJson, type: string, pattern: RegExp): EditableJson => {
  const found = Object.entries<EditableJson>(stack.resource[type]).find(([id]) => pattern.test(id));
  if (!found) throw new Error(`no ${type} like ${pattern}`);
  return found[1];
};

/** A change of a synthesized stack. */
type Change = (stack: EditableJson) => void;

/** Takes resources out; what refers to them still does. */
export const remove =
  (type: string, pattern: RegExp): Change =>
  (stack) => {
    for (const id of Object.keys(stack.resource[type])) if (pattern.test(id)) delete stack.resource[type][id];
  };

/** Changes the values of a release. */
export const values =
  (id: string, change: (all: EditableJson) => void): Change =>
  (stack) => {
    const release = stack.resource.helm_release[id];
    const all = readYaml(release.values[0]);
    change(all);
    release.values = [toYaml(all)];
  };

/** Changes an object of our own chart. */
export const object = (release: string, kind: string, change: (object: EditableJson) => void, name = /./): Change =>
  values(release, (all) =>
    change(all.resources.find((one: EditableJson) => one.kind === kind && name.test(one.metadata.name))),
  );

/** Gives the PVC of InfluxDB another address. */
export const readdress: Change = ({ resource }) => {
  const pvcs = resource.kubernetes_persistent_volume_claim_v1;
  pvcs.influxdb_data = pvcs.influxdb_influxdb;
  delete pvcs.influxdb_influxdb;
  resource.helm_release.influxdb_influxdb.depends_on = [];
};

/** Takes a resource out, and what refers to its order. */
export const drop = (stack: EditableJson, address: string): void => {
  const text = JSON.stringify(stack)
    .replaceAll(`"${address}",`, "")
    .replaceAll(`,"${address}"`, "")
    .replaceAll(`"${address}"`, "");
  Object.assign(stack, JSON.parse(text));
  const [type = "", id = ""] = address.split(".");
  delete stack.resource[type][id];
  if (Object.keys(stack.resource[type]).length === 0) delete stack.resource[type];
};
