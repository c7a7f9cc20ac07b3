import type { RestProxySite } from "../../environments/systems/rest-proxy";
import type { KafkaSystem } from "../systems/system";
import { addOutput } from "../core/outputs";
import { restProxyAccess } from "./access";
import { RestProxy } from "./rest-proxy";

/** The REST proxy. */
export const restProxySystem: KafkaSystem<RestProxySite> = {
  access: restProxyAccess,
  add(scope, { restProxy: spec }, { kafka, accounts, registry, restProxyClients: clients, web }) {
    if (!spec) return [];
    const dependsOn = [accounts.ready, registry.ready];
    const proxy = new RestProxy(scope, "rest-proxy", { spec, kafka, registry, clients, web, dependsOn });
    addOutput(scope, "rest_proxy_host", proxy.host, "Host of the REST proxy");
    return [proxy];
  },
};
