/** One real broker where Strimzi is simulated: its settings, its pod, and what leads to it. */
import { brokerServices, KAFKA_CLUSTER } from "../../../../constructs/kafka/resources";
import { NAMESPACE } from "../../../../ground/namespaces";
import { kafkaImage } from "../../../../ground/versions";
import { inside, type Json } from "../../../../synthesized/stack";
import type { LiveObject } from "../../../../cli/shared/kubernetes/client";

/** A listener as the `Kafka` says it. */
interface ListenerSpec {
  readonly name: string;
  readonly port: number;
  readonly type: string;
  readonly tls: boolean;
  readonly authentication: { readonly type: string };
  readonly configuration?: {
    readonly bootstrap: { readonly nodePort: number };
    readonly brokers: readonly {
      readonly broker: number;
      readonly nodePort: number;
      readonly advertisedHost: string;
      readonly advertisedPort: number;
    }[];
    readonly brokerCertChainAndKey: { readonly secretName: string };
  };
}

/** Listeners of a `Kafka`. */
export const listenersOf = (kafka: Pick<LiveObject, "spec">): readonly ListenerSpec[] =>
  (inside(kafka.spec, "kafka", "listeners") ?? []) as readonly ListenerSpec[];

/** Where the pod has its Secrets and its data. */
const PATHS = { settings: "/standin", external: "/external", data: "/var/lib/kafka/0", work: "/tmp" } as const;

/** Port of the listener between brokers, of which there is one. */
export const INSIDE_PORT = 9091;

const SERVICES = brokerServices();

/** Names by which clients inside the cluster know a broker. */
export const brokerNames = (pod: string): string[] => [
  `${SERVICES.bootstrap}.${NAMESPACE.kafka}.svc`,
  `${pod}.${SERVICES.brokers}.${NAMESPACE.kafka}.svc`,
];

const capitals = (listener: ListenerSpec): string => listener.name.toUpperCase();

const protocol = ({ tls, authentication }: ListenerSpec): string =>
  authentication.type === "tls" ? "SSL" : tls ? "SASL_SSL" : "SASL_PLAINTEXT";

/** Settings of the broker, which is its own controller: those of the `Kafka`, with the listeners as Strimzi writes them. */
export function settingsOf(kafka: Pick<LiveObject, "spec">, id: number, pod: string): string {
  const listeners = listenersOf(kafka);
  const host = `${pod}.${SERVICES.brokers}.${NAMESPACE.kafka}.svc`;
  const advertised = (one: ListenerSpec): string => {
    const outside = one.configuration?.brokers.find(({ broker }) => broker === id);
    return `${capitals(one)}://${outside ? `${outside.advertisedHost}:${outside.advertisedPort}` : `${host}:${one.port}`}`;
  };
  const all = listeners.map((one) => `${capitals(one)}://0.0.0.0:${one.port}`);
  const protocols = listeners.map((one) => `${capitals(one)}:${protocol(one)}`);
  const superUsers = (inside(kafka.spec, "kafka", "authorization", "superUsers") ?? []) as string[];
  return Object.entries({
    ...(inside(kafka.spec, "kafka", "config") as Json),
    "process.roles": "broker,controller",
    "node.id": String(id),
    "controller.quorum.voters": `${id}@127.0.0.1:9090`,
    "controller.listener.names": "CONTROLLER",
    listeners: ["CONTROLLER://127.0.0.1:9090", `INSIDE://0.0.0.0:${INSIDE_PORT}`, ...all].join(","),
    "advertised.listeners": [`INSIDE://127.0.0.1:${INSIDE_PORT}`, ...listeners.map(advertised)].join(","),
    "listener.security.protocol.map": ["CONTROLLER:PLAINTEXT", "INSIDE:PLAINTEXT", ...protocols].join(","),
    "inter.broker.listener.name": "INSIDE",
    "sasl.enabled.mechanisms": "SCRAM-SHA-512",
    ...Object.fromEntries(listeners.flatMap((one) => Object.entries(loginOf(one)))),
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": ["ANONYMOUS", ...superUsers].map((name) => `User:${name}`).join(";"),
    "allow.everyone.if.no.acl.found": "false",
    "log.dirs": `${PATHS.data}/kafka-log${id}`,
    "offsets.topic.num.partitions": "5",
    "group.initial.rebalance.delay.ms": "0",
  })
    .map(([key, value]) => `${key}=${String(value)}\n`)
    .join("");
}

/** How clients log in at a listener, and with which key the broker answers. */
function loginOf(listener: ListenerSpec): Record<string, string> {
  const of = `listener.name.${listener.name}`;
  const external = listener.configuration !== undefined;
  return {
    ...(listener.authentication.type === "tls"
      ? { [`${of}.ssl.client.auth`]: "required" }
      : {
          [`${of}.sasl.enabled.mechanisms`]: "SCRAM-SHA-512",
          [`${of}.scram-sha-512.sasl.jaas.config`]: "org.apache.kafka.common.security.scram.ScramLoginModule required;",
        }),
    ...(listener.tls
      ? {
          [`${of}.ssl.keystore.type`]: "PEM",
          [`${of}.ssl.keystore.location`]: external ? `${PATHS.work}/external.pem` : `${PATHS.settings}/node.pem`,
          [`${of}.ssl.truststore.type`]: "PEM",
          [`${of}.ssl.truststore.location`]: `${PATHS.settings}/ca.crt`,
        }
      : {}),
  };
}

/** What the pod runs. The image of the bench and Strimzi's have Kafka in the same folder. */
const START = `set -eu
cat ${PATHS.external}/tls.key ${PATHS.external}/tls.crt > ${PATHS.work}/external.pem
/opt/kafka/bin/kafka-storage.sh format --ignore-formatted --cluster-id AAAAAAAAAAAAAAAAAAAAAQ --config ${PATHS.settings}/server.properties
exec /opt/kafka/bin/kafka-server-start.sh ${PATHS.settings}/server.properties
`;

/** Name of the Secret with the settings and keys of a node. */
export const settingsSecret = (pod: string): string => `${pod}-stand-in`;

/** The specification of the pod, besides what a simulated one has. */
export function podSpecOf(kafka: Pick<LiveObject, "spec">, pool: Pick<LiveObject, "spec">, pod: string): Json {
  const external = listenersOf(kafka).find(({ configuration }) => configuration !== undefined)?.configuration;
  const secret = (name: string, secretName: string) => ({ name, secret: { secretName, defaultMode: 0o440 } });
  return {
    hostname: pod,
    subdomain: SERVICES.brokers,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 60,
    securityContext: {
      runAsUser: 1001,
      runAsGroup: 0,
      fsGroup: 0,
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "kafka",
        image: kafkaImage(String(inside(kafka.spec, "kafka", "version"))),
        command: ["bash", "-c", START],
        env: [
          { name: "KAFKA_HEAP_OPTS", value: "-Xms256m -Xmx512m" },
          { name: "LOG_DIR", value: PATHS.work },
        ],
        resources: pool.spec?.["resources"],
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        readinessProbe: { tcpSocket: { port: INSIDE_PORT }, periodSeconds: 2, failureThreshold: 3 },
        volumeMounts: [
          { name: "data-0", mountPath: PATHS.data },
          { name: "settings", mountPath: PATHS.settings, readOnly: true },
          { name: "external", mountPath: PATHS.external, readOnly: true },
          { name: "work", mountPath: PATHS.work },
        ],
      },
    ],
    volumes: [
      { name: "data-0", persistentVolumeClaim: { claimName: `data-0-${pod}` } },
      secret("settings", settingsSecret(pod)),
      secret("external", external?.brokerCertChainAndKey.secretName ?? ""),
      { name: "work", emptyDir: {} },
    ],
  };
}

/** Services that lead to the broker, by name, besides the bootstrap one inside. */
export function servicesOf(kafka: Pick<LiveObject, "spec">, id: number): ReadonlyMap<string, Json> {
  const selector = { "strimzi.io/cluster": KAFKA_CLUSTER, "strimzi.io/pool-name": "broker" };
  const inner = listenersOf(kafka).filter(({ type }) => type === "internal");
  const ports = inner.map(({ name, port }) => ({ name: `tcp-${name}`, port }));
  const outer = listenersOf(kafka).flatMap(({ name, port, configuration }): [string, Json][] => {
    const broker = configuration?.brokers.find((one) => one.broker === id);
    if (!configuration || !broker) return [];
    const nodePort = (wanted: number) => ({
      type: "NodePort",
      selector,
      ports: [{ name: `tcp-${name}`, port, nodePort: wanted }],
    });
    return [
      [`${KAFKA_CLUSTER}-kafka-${name}-bootstrap`, nodePort(configuration.bootstrap.nodePort)],
      [`${KAFKA_CLUSTER}-broker-${name}-${id}`, nodePort(broker.nodePort)],
    ];
  });
  return new Map([
    [SERVICES.brokers, { clusterIP: "None", publishNotReadyAddresses: true, selector, ports }],
    ...outer,
  ]);
}
