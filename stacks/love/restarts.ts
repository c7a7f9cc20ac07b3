import { LOVE_PODS } from "../../constructs/love/labels";
import { LOVE_SECRET } from "../../constructs/love/secrets";
import { FRONTEND, POSTGRESQL } from "../../constructs/love/services";
import type { LovePart } from "../../constructs/love/surroundings";
import type { RestartWavesProps } from "../../constructs/restarts/restarts";
import { NAMESPACE } from "../../ground/namespaces";

/**
 * Restarts of LOVE's programs. Stores come first, since managers could not log in to them otherwise. Then those that
 * telemetry goes through, a quarter of the sets at a time; the frontends, pod by pod as their Deployment replaces them;
 * and whoever connects to these: of the producers a tenth at a time, so that most views stay as they are.
 */
export function restartsOf({ spec, efd, dependsOn }: LovePart): RestartWavesProps {
  const { redis, sets, commander, producers } = LOVE_PODS;
  return {
    namespace: NAMESPACE.love,
    waves: [
      ...(spec.database.kind === "inside" ? [{ labels: POSTGRESQL.pods, parts: 1 }] : []),
      { labels: redis, parts: 1 },
      { labels: sets, parts: 4 },
      { labels: FRONTEND.pods, parts: 1 },
      { labels: commander, parts: 1 },
      { labels: producers, parts: 10 },
    ],
    secrets: [LOVE_SECRET],
    kafkaVersion: efd.brokers.version,
    dependsOn,
  };
}
