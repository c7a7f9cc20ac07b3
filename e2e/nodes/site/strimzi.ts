/** Strimzi, simulated with a broker that really runs, where the image of Kafka has one. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { KAFKA_ADMIN } from "../../../constructs/kafka/kafka-cluster";
import { KAFKA_CLUSTER } from "../../../constructs/kafka/resources";
import { NAMESPACE } from "../../../ground/namespaces";
import { Cluster, type LiveObject } from "../../../cli/shared/kubernetes/client";
import { hasRole } from "../../../cli/shared/kubernetes/node-pools";
import { type ClusterView, namespaceOf, type Operator, ownedBy } from "../../rehearsal/operators/cluster-view";
import type { RealKafka } from "../../rehearsal/operators/real-kafka";
import { simulatedStrimzi } from "../../rehearsal/operators/strimzi";
import { nodeIds } from "../../rehearsal/operators/strimzi-resources";
import { Authority, type KeyPair } from "../../using/site/authority";
import { KafkaAdmin } from "./kafka/admin";
import { brokerNames, podSpecOf, servicesOf, settingsOf, settingsSecret } from "./kafka/broker";
import { isStub, type Part } from "./part";

/** Where and for what it works. */
interface StrimziProps {
  readonly folder: string;
  readonly kubeconfig: string;
  readonly simulated: ReadonlyMap<Part, string>;
}

/** Strimzi for the site on real nodes. */
export function strimziOnNodes({ folder, kubeconfig, simulated }: StrimziProps): Operator {
  return simulatedStrimzi(isStub({ simulated }, "kafka") ? undefined : new OneBroker(folder, kubeconfig));
}

const kafkaPath = `/apis/kafka.strimzi.io/v1/namespaces/${NAMESPACE.kafka}/kafkas/${KAFKA_CLUSTER}`;

/** One broker, whatever the pools say of controllers: it is its own. */
class OneBroker implements RealKafka {
  private readonly api: Cluster;
  private readonly folder: string;
  private made?: Promise<Authority>;
  private administrator?: Promise<KafkaAdmin>;
  private readonly pairs = new Map<string, Promise<KeyPair>>();

  constructor(folder: string, kubeconfig: string) {
    this.folder = join(folder, "kafka-authority");
    mkdirSync(this.folder, { recursive: true });
    this.api = new Cluster({ file: kubeconfig, cleanup: true });
  }

  async pod(pool: LiveObject, name: string, view: ClusterView) {
    if (!hasRole(pool, "broker")) return undefined;
    const kafka = await view.api.get(kafkaPath);
    const [id = 0] = nodeIds(pool);
    if (!kafka) return undefined;
    const { key, certificate } = await this.pair(name, brokerNames(name));
    await view.ensureSecret({
      namespace: namespaceOf(pool),
      name: settingsSecret(name),
      values: {
        "server.properties": settingsOf(kafka, id, name),
        "node.pem": key + certificate,
        "ca.crt": await this.authority(),
      },
      owner: kafka,
    });
    return podSpecOf(kafka, pool, name);
  }

  async serve(kafka: LiveObject, view: ClusterView): Promise<string | undefined> {
    const path = `/api/v1/namespaces/${namespaceOf(kafka)}/services`;
    for (const [name, spec] of servicesOf(kafka, await this.id(view)))
      await view.ensure(path, { metadata: { name, ...ownedBy(kafka) }, spec });
    return undefined;
  }

  async account(user: LiveObject, password: string, view: ClusterView): Promise<string | undefined> {
    return user.metadata.name === KAFKA_ADMIN ? undefined : (await this.admin(view)).account(user, password);
  }

  async topic(topic: LiveObject, view: ClusterView): Promise<string | undefined> {
    return (await this.admin(view)).topic(topic);
  }

  async certificate(user: string) {
    const { key, certificate } = await this.pair(user);
    return { "ca.crt": await this.authority(), "user.crt": certificate, "user.key": key };
  }

  async authority(): Promise<string> {
    return (await this.ours()).certificate;
  }

  private ours(): Promise<Authority> {
    const there = Authority.in(this.folder);
    this.made ??= there ? Promise.resolve(there) : Authority.make(this.folder, "made-up authority of Kafka");
    return this.made;
  }

  /** A key of this name, made once; the authority's list takes one at a time. */
  private pair(name: string, names?: readonly string[]): Promise<KeyPair> {
    const before = [...this.pairs.values()].at(-1);
    const known = this.pairs.get(name);
    if (known) return known;
    const made = Promise.resolve(before)
      .catch(() => undefined)
      .then(() => this.ours())
      .then((authority) => authority.certify({ file: name, commonName: name, ...(names ? { names } : {}) }));
    this.pairs.set(name, made);
    return made;
  }

  private async id(view: ClusterView): Promise<number> {
    const pool = await view.api.get(`${kafkaPath.replace(/kafkas\/.*/, "kafkanodepools")}/broker`);
    return pool ? (nodeIds(pool)[0] ?? 0) : 0;
  }

  private admin(view: ClusterView): Promise<KafkaAdmin> {
    const make = async () => {
      const id = await this.id(view);
      const login = { authority: await this.authority(), pair: await this.pair(KAFKA_ADMIN) };
      return new KafkaAdmin(this.api, `${KAFKA_CLUSTER}-broker-${id}`, id, login);
    };
    return (this.administrator ??= make());
  }
}
