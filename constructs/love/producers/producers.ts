import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { Construct } from "constructs";
import { stableJson } from "../../../synthesized/text";
import { type Profile, routeOf } from "../../../environments/systems/love/profiles";
import type { ProducerSpec } from "../../../environments/systems/love/schema";
import { RESTARTABLE } from "../../kubernetes/objects";
import { RESTRICTED_CONTAINER } from "../../kubernetes/workload";
import { SAL_USER, SAL_VARIABLES, salEnvironment, waitForEfd } from "../csc-environment";
import { MANAGER_PATH } from "../nginx/paths";
import { awayFromOthers, loveImage, loveTemplate } from "../pods";
import { fromLove } from "../secrets";
import { metadataFor, NGINX, producer } from "../services";
import type { LovePart } from "../surroundings";

/**
 * A producer for each CSC or part of one, which brings its telemetry and events from Kafka to the set of managers of its
 * route. They know nothing of one another: a producer more or less is one resource more or less, and nothing waits for
 * all of them.
 */
export class Producers extends Construct {
  constructor(scope: Construct, id: string, props: LovePart) {
    super(scope, id);
    for (const one of props.spec.producers) this.add(one, props);
  }

  private add(one: ProducerSpec, part: LovePart): void {
    const { spec, dependsOn } = part;
    const program = producer(one.name);
    const metadata = metadataFor(program);
    new DeploymentV1(this, one.name, {
      metadata,
      lifecycle: RESTARTABLE,
      dependsOn,
      spec: {
        replicas: "1",
        selector: { matchLabels: { ...program.pods } },
        template: loveTemplate(spec, {
          labels: metadata.labels,
          user: SAL_USER,
          config: stableJson(salEnvironment(part)),
          pod: {
            ...awayFromOthers(spec),
            // The image's shell does not pass SIGTERM on, so it ends when it is killed; and until then views get all twice,
            // from it and from the producer that takes its place.
            terminationGracePeriodSeconds: 5,
            initContainer: [waitForEfd(part, loveImage(spec, "producer"))],
            container: [
              {
                name: one.name,
                image: loveImage(spec, "producer"),
                envFrom: SAL_VARIABLES.envFrom,
                env: [
                  { name: "LOVE_CSC_PRODUCER", value: commandLine(one) },
                  { name: "WEBSOCKET_HOST", value: subscriptionOf(spec.profile, one) },
                  fromLove("PROCESS_CONNECTION_PASS", "process-connection-pass"),
                  ...SAL_VARIABLES.env,
                ],
                resources: one.resources ?? spec.producerResources,
                // Packages of Python keep caches in the home folder, which has the script that starts the producer.
                securityContext: { ...RESTRICTED_CONTAINER, readOnlyRootFilesystem: false },
              },
            ],
          },
        }),
      },
    });
  }
}

/** What a producer brings: the image's script makes arguments of it, at each space. */
function commandLine({ csc, logLevel, asynchronous, periodic }: ProducerSpec): string {
  return [
    csc,
    ...(logLevel === undefined ? [] : ["--log-level", logLevel]),
    ...(periodic ? ["--periodic-data", ...periodic] : []),
    ...(asynchronous ? ["--asynchronous-data", ...asynchronous] : []),
  ].join(" ");
}

/** Where a producer connects: host and path, without scheme. */
function subscriptionOf(profile: Profile, one: ProducerSpec): string {
  return `${NGINX.name}${MANAGER_PATH}/${routeOf(profile, one)}/ws/subscription`;
}
