import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { image } from "../../../ground/versions";
import { literal } from "../../../synthesized/text";
import { RESTARTABLE } from "../../kubernetes/objects";
import { restrictedTemplate } from "../../kubernetes/workload";
import { fromLove } from "../secrets";
import { metadataFor, REDIS } from "../services";
import type { LovePart } from "../surroundings";
import { redisConfig } from "./settings";

/** User and group of the image. */
export const REDIS_USER = 999;

const DATA = "/data";
const START = readFileSync(join(__dirname, "start.sh"), "utf8");

/**
 * The channel layer: who listens to what, and messages on their way. Exactly one pod, also while it is replaced, for a
 * second one would have the groups of nobody. It keeps nothing.
 */
export class Redis extends Construct {
  /** The pod and its Service. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, { spec, dependsOn }: Pick<LovePart, "spec" | "dependsOn">) {
    super(scope, id);
    const metadata = metadataFor(REDIS);
    const { pods, port, name } = REDIS;
    const settings = redisConfig(spec.redis);
    const config = new ConfigMapV1(this, "config", {
      metadata: metadataFor(REDIS, "redis-conf"),
      data: { "redis.conf": settings, "start.sh": literal(START) },
      dependsOn,
    });
    const service = new ServiceV1(this, "service", {
      metadata: metadataFor(REDIS, name),
      spec: { selector: { ...pods }, port: [{ name: "redis", port, targetPort: "redis" }] },
      dependsOn,
    });
    const ping = {
      exec: { command: ["sh", "-c", '[ "$(redis-cli ping)" = PONG ]'] },
      periodSeconds: 10,
      timeoutSeconds: 5,
    };
    this.ready = new DeploymentV1(this, "deployment", {
      metadata,
      lifecycle: RESTARTABLE,
      dependsOn: [...dependsOn, service],
      spec: {
        replicas: "1",
        strategy: { type: "Recreate" },
        selector: { matchLabels: { ...pods } },
        template: restrictedTemplate({
          labels: metadata.labels,
          user: REDIS_USER,
          config: settings + START,
          pod: {
            container: [
              {
                name: REDIS.workload,
                image: image("redis"),
                command: ["sh", `${DATA}/start.sh`, `${DATA}/redis.conf`],
                workingDir: DATA,
                env: [
                  fromLove("REDIS_PASS", "redis-pass"),
                  // redis-cli's own, for the probes.
                  fromLove("REDISCLI_AUTH", "redis-pass"),
                ],
                port: [{ name: "redis", containerPort: port }],
                startupProbe: { ...ping, periodSeconds: 2, failureThreshold: 30 },
                readinessProbe: ping,
                livenessProbe: { ...ping, failureThreshold: 6 },
                resources: spec.redis.resources,
                volumeMount: [{ name: "config", mountPath: DATA, readOnly: true }],
              },
            ],
            volume: [{ name: "config", configMap: { name: config.metadata.name } }],
          },
        }),
      },
    });
  }
}
