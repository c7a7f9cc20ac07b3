import type { RestProxySite } from "../../environments/systems/rest-proxy";
import { NAMESPACE } from "../../ground/namespaces";
import type { SystemAccess } from "../accounts/account";
import { mayDo } from "../kafka/rights";
import { podsWith } from "../kubernetes/network-policy";
import { selectorLabels } from "../kubernetes/objects";
import { REST_PROXY_ROUTE } from "./secrets";

/** Account of the REST proxy in Kafka, and name of its objects. */
export const REST_PROXY = "rest-proxy";

/**
 * What the REST proxy asks of Kafka and the registry. Its clients create topics, whose settings the answer has, and
 * write into them. It writes without transactions and idempotence, and brokers tell everybody who they are
 * (`/brokers`): so it needs no right on the cluster. phalanx gives it everything on these topics and every group; nobody
 * consumes through it.
 */
export function restProxyAccess({ restProxy }: RestProxySite): SystemAccess {
  if (!restProxy) return { accounts: [] };
  const acls = mayDo(["Create", "Describe", "DescribeConfigs", "Write"], restProxy);
  return {
    accounts: [{ name: REST_PROXY, kafka: { acls } }],
    logins: [{ of: "REST proxy", secret: REST_PROXY_ROUTE, namespace: NAMESPACE.kafka }],
    registryClients: [podsWith(selectorLabels(REST_PROXY))],
  };
}
