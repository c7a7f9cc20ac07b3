/** Rules of versions: what fits together. What may follow on what is a matter of the identities. */
import { CHARTS, KAFKA } from "../../ground/versions";
import { compareVersions, METADATA_VERSION, versionNumbers } from "../../ground/units";
import { type Rule, when } from "./violation";

/** Strimzi runs the versions of Kafka that it has images of, and refuses others. */
export const operatorKnowsKafka: Rule = ({ kafka: { version } }) =>
  when(
    versionNumbers(version).length > 0 && !(version in KAFKA.versions),
    ["kafka", "version"],
    `allowed ${Object.keys(KAFKA.versions).join(", ")}, which Strimzi ${CHARTS.strimzi.version} runs, choose one of them`,
  );

/** Strimzi leaves the metadata version as it is, with a warning, when Kafka does not know it. */
export const kafkaKnowsMetadata: Rule = ({ kafka: { version, metadataVersion } }) => {
  const own = KAFKA.versions[version];
  const known = KAFKA.metadataVersions.slice(0, own ? KAFKA.metadataVersions.indexOf(own) + 1 : undefined);
  return when(
    METADATA_VERSION.test(metadataVersion) && !known.includes(metadataVersion),
    ["kafka", "metadataVersion"],
    `allowed ${known.join(", ")}, which Kafka ${version} knows, choose one of them`,
  );
};

/** How many minors an agent may be behind the server, by Kubernetes' own rule. */
const AGENT_SKEW = 3;

/** Kubernetes takes nodes that are older than its API server, and none that are newer. */
export const serverIsNotOlder: Rule = ({ cluster }) => {
  if (cluster.kind !== "k3s") return [];
  const minor = (version: string) => versionNumbers(version)[1] ?? 0;
  return cluster.agents.flatMap(({ version = cluster.version }, i) =>
    when(
      compareVersions(version, cluster.version) > 0 || minor(cluster.version) - minor(version) > AGENT_SKEW,
      ["cluster", "agents", i, "version"],
      `allowed ${cluster.version}, the server's, or at most ${AGENT_SKEW} minors older, upgrade the server first, then its agents`,
    ),
  );
};
