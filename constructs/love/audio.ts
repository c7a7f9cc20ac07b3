import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import { Construct } from "constructs";
import { LOVE_RESOURCES } from "../../environments/systems/love/defaults";
import type { LoveSpec } from "../../environments/systems/love/schema";
import { RESTARTABLE } from "../kubernetes/objects";
import { RESTRICTED_CONTAINER } from "../kubernetes/workload";
import { SAL_USER } from "./csc-environment";
import { awayFromOthers, loveImage, loveTemplate } from "./pods";
import { broadcaster, metadataFor } from "./services";
import type { LovePart } from "./surroundings";

/** Port at which microphones send their sound. */
const MICROPHONE_PORT = 4444;

/** Brings the sound of each microphone of a site to browsers. */
export class AudioBroadcasters extends Construct {
  constructor(scope: Construct, id: string, props: Pick<LovePart, "spec" | "dependsOn">) {
    super(scope, id);
    props.spec.microphones.forEach((microphone, index) => this.add(microphone, index + 1, props));
  }

  private add(
    { name: microphone, host }: LoveSpec["microphones"][number],
    place: number,
    { spec, dependsOn }: Pick<LovePart, "spec" | "dependsOn">,
  ): void {
    const parent = new Construct(this, microphone);
    const program = broadcaster(place);
    const { workload, name, port, podPort, pods } = program;
    const metadata = metadataFor(program);
    new ServiceV1(parent, "service", {
      metadata: metadataFor(program, name),
      spec: { selector: { ...pods }, port: [{ name: "http", port, targetPort: "http" }] },
      dependsOn,
    });
    const variables = {
      MICROPHONE_SERVER_HOST: host,
      MICROPHONE_SERVER_PORT: MICROPHONE_PORT,
      WEBSERVER_PORT: podPort,
    };
    new DeploymentV1(parent, "deployment", {
      metadata,
      lifecycle: RESTARTABLE,
      // It ends when its microphone does not answer: that must not keep the rest of LOVE from being deployed.
      waitForRollout: false,
      dependsOn,
      spec: {
        replicas: "1",
        selector: { matchLabels: { ...pods } },
        template: loveTemplate(spec, {
          labels: metadata.labels,
          user: SAL_USER,
          pod: {
            ...awayFromOthers(spec),
            container: [
              {
                name: workload,
                image: loveImage(spec, "audioBroadcaster"),
                env: Object.entries(variables).map(([key, value]) => ({ name: key, value: String(value) })),
                port: [{ name: "http", containerPort: podPort }],
                resources: LOVE_RESOURCES.audioBroadcaster,
                // It makes MP3 of sound by way of temporary files.
                securityContext: { ...RESTRICTED_CONTAINER, readOnlyRootFilesystem: false },
              },
            ],
          },
        }),
      },
    });
  }
}
