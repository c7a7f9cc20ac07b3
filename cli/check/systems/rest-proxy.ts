/** Checks of the REST proxy: whether it answers, and reaches Kafka. */
import { REST_PROXY } from "../../../constructs/rest-proxy/access";
import { REST_PROXY_PORT } from "../../../constructs/rest-proxy/rest-proxy";
import { NAMESPACE } from "../../../ground/namespaces";
import { inside } from "../../../synthesized/stack";
import { parseJson } from "../../shared/kubernetes/request";
import { orDown } from "../model/down";
import type { Check, CheckProps, Verdict } from "../model/verdict";

const SERVICE = { namespace: NAMESPACE.kafka, service: REST_PROXY, port: REST_PROXY_PORT };

/** The list of brokers comes from Kafka itself, so it shows both. */
async function brokers({ site, clients }: CheckProps): Promise<Verdict[]> {
  const wanted = site.kafka.brokers.map(({ id }) => id).sort((a, b) => a - b);
  const common = { what: "REST proxy", healthy: `it lists the brokers ${wanted.join(", ")}` };
  const { status, text } = await clients.inside(SERVICE).ask({ path: "/brokers" });
  const answer = parseJson(text);
  if (status !== 200) {
    const why = String(inside(answer, "message") ?? text).slice(0, 200);
    return [
      {
        ...common,
        level: "fail",
        measured: `it answers with status ${status}: ${why}`,
        remedy: `kubectl -n ${NAMESPACE.kafka} logs deployment/${REST_PROXY}; then subject kafka`,
      },
    ];
  }
  const ids = ((answer["brokers"] ?? []) as number[]).sort((a, b) => a - b);
  const missing = wanted.filter((id) => !ids.includes(id));
  if (missing.length === 0) return [{ ...common, level: "ok", measured: `it lists the brokers ${ids.join(", ")}` }];
  return [
    {
      ...common,
      level: ids.length === 0 ? "fail" : "warn",
      measured: ids.length === 0 ? "it sees no broker" : `it does not see broker ${missing.join(", ")}`,
      remedy: "see subject kafka, which says what these brokers lack",
    },
  ];
}

/** Checks of the REST proxy. */
export const restProxyChecks: readonly Check[] = [
  {
    subject: "rest-proxy",
    title: "brokers as the REST proxy lists them",
    seconds: 15,
    applies: ({ restProxy }) => restProxy !== undefined,
    run: orDown(
      {
        what: "REST proxy",
        healthy: "it lists the site's brokers",
        remedy: `see why: kubectl -n ${NAMESPACE.kafka} describe deployment ${REST_PROXY}`,
      },
      brokers,
    ),
  },
];
