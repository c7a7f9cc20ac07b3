import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { PodDisruptionBudgetV1 } from "@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1";
import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LoveSpec } from "../../../environments/systems/love/schema";
import { NAMESPACE } from "../../../ground/namespaces";
import { image } from "../../../ground/versions";
import { literal, literals } from "../../../synthesized/text";
import { RESTARTABLE } from "../../kubernetes/objects";
import { Route } from "../../kubernetes/route";
import type { Web } from "../../kubernetes/web";
import { spreadOverNodes } from "../../kubernetes/workload";
import { loveImage, loveTemplate } from "../pods";
import { metadataFor, NGINX } from "../services";
import type { LovePart } from "../surroundings";
import { AudioRoute } from "./audio";
import { nginxConfig, SHUTDOWN } from "./config";
import { LOVE_CONFIGURATION, loveConfigurations } from "./configuration";
import {
  APPLICATION,
  ASSETS,
  CONFIGURATIONS,
  HEALTH_PATH,
  LOVE_PATH,
  MANAGER_FILES,
  RESOLVER,
  WRITABLE,
} from "./paths";

/** LOVE's web server. */
export interface LoveNginxProps extends LovePart {
  readonly web: Web;
  /** What it leads to: it starts after them. @default - nothing */
  readonly after?: readonly ITerraformDependable[];
}

/** User of the image, without privileges. */
const USER = 101;
/** Folder of its configuration. */
const FOLDER = "/etc/nginx/conf.d";
/** Where the init containers see the volume that nginx has as `ASSETS`: not there, for their own files are below it. */
const EXPORT = "/export";
/** Seconds after which nobody sends new connections any more to a pod that shall end. */
const LEAVES = 15;

/** The one program of LOVE that browsers and producers talk to: files, and the way to the managers. */
export class LoveNginx extends Construct {
  /** The program and its Service. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, props: LoveNginxProps) {
    super(scope, id);
    const { spec, efd, web, after = [], dependsOn } = props;
    const { replicas } = spec.nginx;
    const metadata = metadataFor(NGINX);
    const files = {
      "nginx.conf": nginxConfig(spec, efd),
      "start.sh": readFileSync(join(__dirname, "start.sh"), "utf8"),
    };
    const config = configMap(this, "config", "nginx-conf", files, dependsOn);
    const loveConfig = configMap(this, "love-config", LOVE_CONFIGURATION, loveConfigurations(props), dependsOn);
    const service = new ServiceV1(this, "service", {
      metadata: metadataFor(NGINX, NGINX.name),
      spec: { selector: NGINX.pods, port: [{ name: "http", port: NGINX.port, targetPort: "http" }] },
      dependsOn,
    });
    this.ready = new DeploymentV1(this, "deployment", {
      metadata,
      lifecycle: RESTARTABLE,
      // So a destroy removes the Service after the program and after its clients.
      dependsOn: [...dependsOn, ...after, service],
      spec: {
        replicas: String(replicas),
        selector: { matchLabels: NGINX.pods },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "0", maxSurge: "1" } },
        template: template(spec, files, { config: config.metadata.name, loveConfig: loveConfig.metadata.name }),
      },
    });
    if (replicas > 1)
      new PodDisruptionBudgetV1(this, "budget", {
        metadata,
        spec: { maxUnavailable: "1", selector: { matchLabels: NGINX.pods } },
        dependsOn,
      });
    const route = new Route(this, "route", {
      name: "love",
      object: "love-nginx-ingress",
      path: LOVE_PATH,
      namespace: NAMESPACE.love,
      service: NGINX.name,
      port: NGINX.port,
      web,
      dependsOn,
    });
    if (spec.microphones.length > 0) new AudioRoute(this, "audio", { spec, route, dependsOn });
  }
}

function configMap(
  scope: Construct,
  id: string,
  name: string,
  files: Readonly<Record<string, string>>,
  dependsOn: ITerraformDependable[],
): ConfigMapV1 {
  return new ConfigMapV1(scope, id, {
    metadata: metadataFor(NGINX, name),
    data: literals(files),
    dependsOn,
  });
}

/** A container that copies folders of its image to where nginx finds them. */
function assetsOf(name: string, image: string, folders: Readonly<Record<string, string>>) {
  const copies = Object.entries(folders).map(([from, to]) => `copy ${from} ${to.replace(ASSETS, EXPORT)}`);
  return {
    name,
    image,
    command: ["/bin/sh", "-c", literal([COPY, ...copies].join("\n"))],
    resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "128Mi" } },
    volumeMount: [{ name: "assets", mountPath: EXPORT }],
  };
}

const COPY = `set -eu\ncopy() { mkdir -p "$2" && cp -R "$1/." "$2/"; }`;

function template(
  spec: LoveSpec,
  files: { readonly "nginx.conf": string; readonly "start.sh": string },
  maps: { readonly config: string; readonly loveConfig: string },
) {
  const probe = { httpGet: { path: HEALTH_PATH, port: "http" }, timeoutSeconds: 3 };
  const own = "/usr/src/love";
  return loveTemplate(spec, {
    labels: metadataFor(NGINX).labels,
    user: USER,
    config: Object.values(files).join(""),
    pod: {
      terminationGracePeriodSeconds: LEAVES + SHUTDOWN + 10,
      ...spreadOverNodes(NGINX.pods),
      initContainer: [
        assetsOf("love-frontend", loveImage(spec, "frontend"), { [own]: `${APPLICATION}${LOVE_PATH}` }),
        assetsOf("love-manager-static", loveImage(spec, "managerStatic"), {
          [`${own}/manager/media`]: `${MANAGER_FILES}/media`,
          [`${own}/manager/static`]: `${MANAGER_FILES}/static`,
        }),
      ],
      container: [
        {
          name: "nginx",
          image: image("nginx"),
          command: ["/bin/sh", `${FOLDER}/start.sh`, `${FOLDER}/nginx.conf`, RESOLVER],
          port: [{ name: "http", containerPort: NGINX.podPort }],
          startupProbe: { ...probe, periodSeconds: 2, failureThreshold: 30 },
          readinessProbe: { ...probe, periodSeconds: 5 },
          // SIGQUIT lets requests end; SIGTERM, which comes after this, would not.
          lifecycle: {
            preStop: [
              { exec: { command: ["/bin/sh", "-c", `sleep ${LEAVES}; kill -QUIT 1; sleep ${SHUTDOWN + 10}`] } },
            ],
          },
          resources: spec.nginx.resources,
          volumeMount: [
            { name: "config", mountPath: FOLDER, readOnly: true },
            { name: "assets", mountPath: ASSETS, readOnly: true },
            { name: "love-config", mountPath: CONFIGURATIONS, readOnly: true },
            { name: "writable", mountPath: WRITABLE },
          ],
        },
      ],
      volume: [
        { name: "config", configMap: { name: maps.config } },
        { name: "love-config", configMap: { name: maps.loveConfig } },
        { name: "assets", emptyDir: {} },
        { name: "writable", emptyDir: {} },
      ],
    },
  });
}
