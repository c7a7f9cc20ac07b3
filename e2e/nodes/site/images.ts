/** The images that the pods of `local` are made of. */
import type { Environment } from "../../../environments/schema";
import { CHARTS, image, kafkaImage } from "../../../ground/versions";
import type { Part } from "./part";

/** An image, and what a stub needs to stand in its place. */
export interface WantedImage {
  readonly name: string;
  /** The program that it is of; its first image decides whether the program is real. @default - none that a scenario asks for */
  readonly part?: Part;
  /** What a stub is to be, in the bench's words: ports that probes ask, programs that pods start, `exit`. @default - nothing */
  readonly stub?: readonly (number | string)[];
}

/** The image that a simulated Strimzi starts where no broker runs. */
export const SIMULATED_KAFKA = "docker.io/simulated/kafka:none";

const certManager = (program: string): string =>
  `quay.io/jetstack/cert-manager-${program}:${CHARTS.certManager.version}`;

/** Images of the site's pods; k3s's own are the bench's matter. */
export function imagesOf({ kafka }: Environment): WantedImage[] {
  return [
    { name: image("busybox") },
    { name: image("kubectl") },
    { name: image("localPathProvisioner"), part: "local-path-provisioner", stub: ["local-path-provisioner", 8080] },
    {
      name: `ghcr.io/external-secrets/external-secrets:${CHARTS.externalSecrets.appVersion}`,
      part: "external-secrets",
      // Metrics, health, and the webhook.
      stub: [8080, 8081, 8082, 10250],
    },
    { name: certManager("controller"), part: "cert-manager", stub: [9402, 9403] },
    { name: certManager("webhook"), stub: [6080, 9402, 10250] },
    { name: certManager("cainjector"), stub: [9402] },
    { name: certManager("startupapicheck"), stub: ["exit"] },
    { name: `quay.io/strimzi/operator:${CHARTS.strimzi.version}`, part: "strimzi", stub: [8080] },
    { name: kafkaImage(kafka.version), part: "kafka", stub: [9091] },
    { name: SIMULATED_KAFKA, stub: [9091] },
    {
      name: `docker.io/library/traefik:${CHARTS.traefik.appVersion}`,
      part: "traefik",
      stub: [8080, 8000, 8443, 9100],
    },
    { name: image("influxdb"), part: "influxdb", stub: [8086] },
    { name: image("schemaRegistry"), part: "registry", stub: [8081] },
    { name: image("telegraf"), part: "telegraf" },
    { name: image("chronograf"), part: "chronograf", stub: [8888] },
    { name: image("kapacitor"), part: "kapacitor", stub: [9092] },
  ];
}

/** How the bench says what an image is. */
export interface MadeImage {
  readonly image: string;
  readonly kind: "real" | "stand-in" | "stub";
  /** Of a stand-in: which program it is. */
  readonly what?: string;
}

/** Why a program is not the real one, by its name. */
export function simulatedParts(wanted: readonly WantedImage[], made: readonly MadeImage[]): Map<Part, string> {
  return new Map(
    wanted.flatMap(({ name, part }): [Part, string][] => {
      const { kind = "stub", what } = made.find(({ image: one }) => one === name) ?? {};
      if (part === undefined || kind === "real") return [];
      return [
        [
          part,
          kind === "stub" ? `${name} is a stub: no archive of it is there` : `${name} is ${what ?? "another program"}`,
        ],
      ];
    }),
  );
}

/** One line for each kind of image: what is real, what stands in for something, what is a stub. */
export function imageLines(made: readonly MadeImage[]): string[] {
  const of = (kind: MadeImage["kind"]) =>
    made
      .filter((one) => one.kind === kind)
      .map(({ image: name, what }) => (what === undefined || kind === "stub" ? name : `${name} (${what})`));
  return (["real", "stand-in", "stub"] as const).map(
    (kind) => `${`${kind}:`.padEnd(9)} ${of(kind).join(", ") || "none"}`,
  );
}
