import { EXTERNAL_DNS_RESTART } from "../../constructs/dns/external-dns";
import { kafkaUser } from "../../constructs/kafka/secrets";
import type { Restart } from "../../constructs/kubernetes/restarts";
import { SCHEMAS_TOPIC } from "../../constructs/registry/access";
import type { RestartsProps } from "../../constructs/restarts/restarts";
import { TELEGRAF } from "../../constructs/telegraf/access";
import type { Environment } from "../../environments/schema";
import { NAMESPACE } from "../../ground/namespaces";
import type { Data } from "./data";

/** Restarts of these programs. Where there are consumers it looks for their topics too. */
export function restartsOf(
  site: Environment,
  { kafka, registry }: Data,
  programs: readonly { readonly restart: Restart }[],
): RestartsProps {
  const consumes = site.telegraf.consumers.length > 0;
  return {
    namespace: consumes ? NAMESPACE.telegraf : NAMESPACE.kafka,
    programs: [
      ...programs.map(({ restart }) => restart),
      ...(site.dns.kind === "external-dns" ? [EXTERNAL_DNS_RESTART] : []),
    ],
    kafkaVersion: kafka.version,
    ...(consumes && {
      topics: {
        brokers: kafka.bootstrap,
        user: TELEGRAF,
        secret: kafkaUser(TELEGRAF).name,
        knownTopic: SCHEMAS_TOPIC.name,
        registry: registry.url,
      },
    }),
  };
}
