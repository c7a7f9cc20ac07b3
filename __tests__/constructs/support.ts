import { Testing, TerraformStack } from "cdktf";
import { addClusterProviders } from "../../constructs/cluster/cluster-access";
import type { Database } from "../../constructs/influxdb/influxdb";
import type { Brokers } from "../../constructs/kafka/kafka-cluster";
import { type CertificateSource, type DnsTarget, Web } from "../../constructs/kubernetes/web";
import type { Registry } from "../../constructs/registry/schema-registry";
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

/** How a made-up site is reached. */
export function webWith(
  dns: DnsTarget = { kind: "none" },
  certificate: CertificateSource = { kind: "issued", issuer: "efd" },
): Web {
  return new Web({ hostPattern: "{app}-{site}-efd.{domain}", name: "toy", domain: "example.org" }, dns, certificate);
}

/** Addresses of made-up systems. */
export const KAFKA: Brokers = { bootstrap: "kafka:9092", version: "4.3.1", maxMessageBytes: 1234567 };
export const REGISTRY: Registry = { url: "http://registry:8081" };
export const INFLUXDB: Database = { url: "http://influxdb:8086" };

/** How a made-up site makes volumes. */
export const VOLUMES = { className: "local-path", belongToRoot: false };

/** Resources of a made-up pod. */
export const RESOURCES = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "1", memory: "1Gi" },
} as const;

/** What Kubernetes takes as the name of an object: labels with dots between (RFC 1123). */
export const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
