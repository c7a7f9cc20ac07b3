import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { stableJson } from "../../synthesized/text";
import type { LoveSpec } from "../../environments/systems/love/schema";
import { RESTARTABLE } from "../kubernetes/objects";
import { RESTRICTED_CONTAINER } from "../kubernetes/workload";
import { SAL_USER, SAL_VARIABLES, salEnvironment, waitForEfd } from "./csc-environment";
import { objectStoreVariables } from "./object-store";
import { loveImage, loveTemplate } from "./pods";
import { COMMANDER, metadataFor } from "./services";
import type { LovePart } from "./surroundings";

/** One thread each for what libraries of linear algebra would else start for every core of the host (phalanx 2026-08). */
const THREADS = [
  ...["OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "MKL_DOMAIN_NUM_THREADS"],
  ...["MPI_NUM_THREADS", "NUMEXPR_NUM_THREADS", "NUMEXPR_MAX_THREADS"],
].map((name) => ({ name, value: "1" }));

/**
 * The image's own start, but for `exec`: there the shell that starts it is the first process, and the commander learns
 * of its end when Kubernetes kills it, half a minute later.
 */
const START = `. "$HOME/.setup_sal_env.sh"; exec python -m aiohttp.web -H 0.0.0.0 -P ${COMMANDER.port} love.commander.app:create_app`;

/**
 * The program that carries out commands, asks the EFD and brings files into the Large File Annex. It is the CSC `LOVE`,
 * of which there may be one: hence one pod, which ends before the next begins. A Deployment: a Job would not come back
 * after a failure.
 *
 * It finds an EFD by the alias that a browser sends, at a credential service whose address is fixed in its library
 * (lsst-efd-client): nothing here can change either. Without an object store it refuses uploads, and says so; its
 * simulated one would take files and lose them.
 */
export class Commander extends Construct {
  /** The pod and its Service. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, part: LovePart) {
    super(scope, id);
    const { spec, dependsOn } = part;
    const { pods, port, name, workload } = COMMANDER;
    const metadata = metadataFor(COMMANDER);
    const service = new ServiceV1(this, "service", {
      metadata: metadataFor(COMMANDER, name),
      spec: { selector: { ...pods }, port: [{ name: "http", port, targetPort: "http" }] },
      dependsOn,
    });
    const heartbeat = { httpGet: { path: "/heartbeat/", port: "http" }, periodSeconds: 10, timeoutSeconds: 5 };
    this.ready = new DeploymentV1(this, "deployment", {
      metadata,
      lifecycle: RESTARTABLE,
      dependsOn: [...dependsOn, service],
      spec: {
        replicas: "1",
        strategy: { type: "Recreate" },
        selector: { matchLabels: { ...pods } },
        template: loveTemplate(spec, {
          labels: { ...metadata.labels, "csc-name": workload, "csc-class": workload, "csc-is-primary": "true" },
          user: SAL_USER,
          config: stableJson(salEnvironment(part)),
          pod: {
            initContainer: [waitForEfd(part, loveImage(spec, "commander"))],
            container: [
              {
                name: workload,
                image: loveImage(spec, "commander"),
                command: ["bash", "-c", START],
                envFrom: SAL_VARIABLES.envFrom,
                env: [...SAL_VARIABLES.env, ...filesOf(spec), ...THREADS, { name: "OMP_PROC_BIND", value: "false" }],
                port: [{ name: "http", containerPort: port }],
                // It listens once it has found Kafka and read the interfaces of all CSCs.
                startupProbe: { ...heartbeat, failureThreshold: 30 },
                readinessProbe: heartbeat,
                // While it answers nobody, every frontend waits for it, and after some 40 s their views are cut. It is
                // busy for 5 s when it asks for an EFD's account, longer with a large answer; a restart breaks off the
                // commands that are under way. So it has a minute.
                livenessProbe: { ...heartbeat, failureThreshold: 6 },
                resources: spec.commander.resources,
                // Packages of Python keep caches in the home folder, which has the script that starts it.
                securityContext: { ...RESTRICTED_CONTAINER, readOnlyRootFilesystem: false },
              },
            ],
          },
        }),
      },
    });
  }
}

function filesOf({ objectStore }: LoveSpec) {
  return objectStore
    ? [...objectStoreVariables(objectStore), { name: "S3_INSTANCE", value: objectStore.instance }]
    : [];
}
