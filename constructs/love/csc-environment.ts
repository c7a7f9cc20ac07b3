import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { SAL_ACCOUNT } from "../../environments/systems/kafka/sal";
import { NAMESPACE } from "../../ground/namespaces";
import { labels } from "../kubernetes/objects";
import { waitFor } from "../kubernetes/wait-for";
import { fromLove } from "./secrets";
import type { LovePart } from "./surroundings";

const NAME = "csc-env-config";

/** The variables by which SAL's programs find the EFD, and the password of their account. */
export const SAL_VARIABLES = {
  envFrom: [{ configMapRef: { name: NAME } }],
  env: [fromLove("LSST_KAFKA_SECURITY_PASSWORD", "ts-salkafka-password")],
};

/** User of the images of SAL's programs, which own their home folder (ts_cycle_build). */
export const SAL_USER = 73006;

/** What SAL's programs need to start: one that misses its broker or the registry then ends (ts_salobj). */
export function waitForEfd({ efd: { brokers, registry } }: Pick<LovePart, "efd">, image: string) {
  return waitFor(image, [brokers.bootstrap, new URL(registry.url).host]);
}

/** What {@link CscEnvironment} holds. Programs take it when they start, so it is part of what their pods are made of. */
export function salEnvironment({ spec, host, efd }: Pick<LovePart, "spec" | "host" | "efd">): Record<string, string> {
  return {
    EXTERNAL_INSTANCE_URL: `https://${spec.sciencePlatform ?? host}`,
    LSST_SITE: spec.salSite,
    LSST_TOPIC_SUBNAME: "sal",
    LSST_KAFKA_BROKER_ADDR: efd.brokers.bootstrap,
    LSST_KAFKA_REPLICATION_FACTOR: String(efd.replication),
    LSST_KAFKA_SECURITY_USERNAME: SAL_ACCOUNT,
    LSST_SCHEMA_REGISTRY_URL: efd.registry.url,
    // SAL's programs take an empty one for none.
    S3_ENDPOINT_URL: spec.objectStore?.endpoint ?? "",
  };
}

/** The ConfigMap that every program of SAL takes its environment from. */
export class CscEnvironment extends Construct {
  /** The ConfigMap. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, part: LovePart) {
    super(scope, id);
    this.ready = new ConfigMapV1(this, "config", {
      metadata: { name: NAME, namespace: NAMESPACE.love, labels: labels(NAME) },
      data: salEnvironment(part),
      dependsOn: part.dependsOn,
    });
  }
}
