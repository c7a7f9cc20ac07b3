import { IngressV1 } from "@cdktf/provider-kubernetes/lib/ingress-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { LoveSpec } from "../../../environments/systems/love/schema";
import { NAMESPACE } from "../../../ground/namespaces";
import type { Middleware } from "../../ingress/resources";
import { CustomResources } from "../../kubernetes/custom-resources";
import { metadataOf } from "../../kubernetes/objects";
import type { Route } from "../../kubernetes/route";
import { broadcaster } from "../services";

/** Name of its Ingress. */
const NAME = "love-audio-broadcaster-ingress";
/** Where a broadcaster has its stream. */
const FEED = "/audio_feed";

/** The way to the broadcasters. */
export interface AudioRouteProps {
  readonly spec: LoveSpec;
  /** The way to LOVE itself: the same host, with the same certificate. */
  readonly route: Route;
  readonly dependsOn: ITerraformDependable[];
}

function serviceOf(place: number) {
  const { name, port } = broadcaster(place);
  return { name, port: { number: port } };
}

/** An Ingress that leads one path to each broadcaster of sound. */
export class AudioRoute extends Construct {
  constructor(scope: Construct, id: string, { spec, route, dependsOn }: AudioRouteProps) {
    super(scope, id);
    const namespace = NAMESPACE.love;
    const feed: Middleware = {
      apiVersion: "traefik.io/v1alpha1",
      kind: "Middleware",
      metadata: { name: "audio-feed" },
      spec: { replacePath: { path: FEED } },
    };
    const middleware = new CustomResources(this, "feed", {
      name: "audio-feed",
      namespace,
      resources: [feed],
      dependsOn,
    });
    new IngressV1(this, "ingress", {
      metadata: {
        ...metadataOf(NAME, namespace),
        annotations: {
          "traefik.ingress.kubernetes.io/router.entrypoints": "websecure",
          "traefik.ingress.kubernetes.io/router.middlewares": `${namespace}-${feed.metadata.name}@kubernetescrd`,
        },
      },
      spec: {
        ingressClassName: "traefik",
        tls: [route.tls],
        rule: [
          {
            host: route.host,
            http: {
              path: spec.microphones.map((_, index) => ({
                path: `/audio-broadcaster/${index + 1}`,
                pathType: "Exact",
                backend: { service: serviceOf(index + 1) },
              })),
            },
          },
        ],
      },
      dependsOn: [middleware.ready],
    });
  }
}
