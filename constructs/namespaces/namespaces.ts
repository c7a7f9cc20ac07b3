import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { Construct } from "constructs";
import { type NamespaceName, POD_SECURITY } from "../../ground/namespaces";
import { stateful } from "../core/stateful";

/** Namespaces of a site. They are stateful, because removing a namespace removes everything in it. */
export class Namespaces extends Construct {
  private readonly byName: ReadonlyMap<NamespaceName, NamespaceV1>;

  constructor(scope: Construct, id: string, names: readonly NamespaceName[]) {
    super(scope, id);
    this.byName = new Map(names.map((name) => [name, this.add(name)]));
  }

  /** A namespace that this site has, for `dependsOn`. */
  get(name: NamespaceName): NamespaceV1 {
    const found = this.byName.get(name);
    if (!found)
      throw new Error(
        `got namespace ${name}, which this site does not have. Allowed: ${[...this.byName.keys()].join(", ")}. Add it to the namespaces of its system.`,
      );
    return found;
  }

  private add(name: NamespaceName): NamespaceV1 {
    const level = POD_SECURITY[name];
    return stateful(
      new NamespaceV1(this, name, {
        metadata: {
          name,
          labels: {
            "app.kubernetes.io/managed-by": "terraform",
            "pod-security.kubernetes.io/enforce": level,
            "pod-security.kubernetes.io/enforce-version": "latest",
            "pod-security.kubernetes.io/warn": level,
          },
        },
        timeouts: { delete: "15m" },
      }),
      name,
    );
  }
}
