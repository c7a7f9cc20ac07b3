/** The ways into a site, made for one piece of work. */
import { setMaxListeners } from "node:events";
import { rootCertificates } from "node:tls";
import { OWN_CA_SECRET } from "../../../constructs/certificates/certificates";
import { INFLUXDB_ADMIN, INFLUXDB_READER, READER } from "../../../constructs/influxdb/secrets";
import type { Environment } from "../../../environments/schema";
import { UserError } from "../../../ground/errors";
import { NAMESPACE } from "../../../ground/namespaces";
import { Cluster } from "../kubernetes/client";
import type { ServicePort, SiteClients } from "./clients";
import { podBehind } from "./endpoints";
import { http, type Http, overConnection, overNetwork } from "./http";
import { influxdbOver } from "./influxdb";
import { kafkaOfCluster } from "./kafka-cluster";
import { openTunnel, type PodPort } from "./tunnel";

/** Where InfluxDB is inside a site: its chart's release is called so. */
export const INFLUXDB_SERVICE: ServicePort = { namespace: NAMESPACE.influxdb, service: "influxdb", port: 8086 };

/** Whose ways, and what ends them. */
export interface SiteClientsProps {
  readonly site: Pick<Environment, "certificates">;
  /** Path of the site's kubeconfig. It is read at the first request. */
  readonly kubeconfig: string;
  /** Ends every request and connection when it is aborted. */
  readonly signal: AbortSignal;
}

/** Makes the ways into a site. Nothing is opened before it is asked for. */
export function siteClients({ site: { certificates }, kubeconfig, signal }: SiteClientsProps): SiteClients {
  // Many requests at once each listen to it.
  setMaxListeners(0, signal);
  const cluster = new Cluster({ file: kubeconfig, signal });
  const tunnelTo: SiteClients["tunnelTo"] = async (namespace, pod, port) => {
    const { server, options } = await cluster.login();
    return openTunnel({ namespace, pod, port }, { server, login: options, signal });
  };
  const inside = (service: ServicePort): Http => {
    const name = `${service.service}.${service.namespace}:${service.port}`;
    const open = async () => {
      const { namespace, pod, port } = await podBehind(service, cluster);
      return tunnelTo(namespace, pod, port);
    };
    return http({ name, signal, send: overConnection(open, name) });
  };
  const secret: SiteClients["secret"] = async (namespace, name, key) => {
    const found = await cluster.get(`/api/v1/namespaces/${namespace}/secrets/${name}`);
    if (!found) throw new UserError(`there is no Secret ${name} in namespace ${namespace}: is that layer deployed?`);
    const value = found.data?.[key];
    if (value === undefined) throw new UserError(`Secret ${name} in namespace ${namespace} has no key ${key}`);
    return Buffer.from(value, "base64").toString("utf8");
  };
  const opened: { close(): void }[] = [];
  const authorities = authoritiesOf(certificates.kind === "own-ca" ? secret : undefined);
  return {
    cluster,
    secret,
    tunnelTo,
    inside,
    outside: (url) => http({ name: new URL(url).host, signal, send: overNetwork(new URL(url), authorities) }),
    influxdb: async (account) => {
      const of = (name: string, key: string) => secret(NAMESPACE.influxdb, name, key);
      const login =
        account === "reader"
          ? { name: READER, password: await of(INFLUXDB_READER.name, "password") }
          : {
              name: await of(INFLUXDB_ADMIN.name, "influxdb-user"),
              password: await of(INFLUXDB_ADMIN.name, "influxdb-password"),
            };
      return influxdbOver(inside(INFLUXDB_SERVICE), login);
    },
    kafka: async () => {
      const open = ({ namespace, pod, port }: PodPort) => tunnelTo(namespace, pod, port);
      const kafka = await kafkaOfCluster({ cluster, secret, open, signal });
      opened.push(kafka);
      return kafka;
    },
    close: () => {
      for (const one of opened.splice(0)) one.close();
      cluster.close();
    },
  };
}

/** Those that Node.js trusts and the site's own, which is read once; undefined where the site has none. */
function authoritiesOf(secret: SiteClients["secret"] | undefined) {
  let own: Promise<string> | undefined;
  return async (): Promise<readonly string[] | undefined> => {
    if (!secret) return undefined;
    own ??= secret(NAMESPACE.certManager, OWN_CA_SECRET, "tls.crt");
    return [...rootCertificates, await own];
  };
}
