import { Testing, TerraformStack } from "cdktf";
import { addClusterProviders } from "../../constructs/cluster/cluster-access";
import { HostNames } from "../../constructs/kubernetes/hosts";
import { type Json, StackView } from "../../synthesized/stack";
import { withoutOrigins } from "../../stacks/base/base-stack";

export { addressOf, at, before, customResource, readyJob, references, texts, unescaped } from "../stacks/support";

/** What these constructs make in a stack of their own, prepared and validated. */
export function built(build: (stack: TerraformStack) => void): StackView {
  const text = withoutOrigins(() => {
    const stack = new TerraformStack(Testing.app(), "toy");
    addClusterProviders(stack, { kubeconfig: "./kubeconfig" });
    build(stack);
    stack.prepareStack();
    return Testing.synth(stack, true);
  });
  return new StackView("toy", "test", text, []);
}

/** The one resource of a type. */
export function only(view: StackView, type: string): Json {
  const found = view.resources(type);
  const [one] = found;
  if (!one || found.length > 1) throw new Error(`allowed one ${type}, got ${found.length}`);
  return one.body;
}

/** Hosts of a made-up site. */
export const HOSTS = new HostNames({ hostPattern: "{app}-{site}-efd.{domain}", name: "toy", domain: "example.org" });

/** Resources of a made-up pod. */
export const RESOURCES = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "1", memory: "1Gi" },
} as const;

/** What Kubernetes takes as the name of an object: labels with dots between (RFC 1123). */
export const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
