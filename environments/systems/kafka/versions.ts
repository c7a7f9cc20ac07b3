/** Rules of Kafka's versions: which fit together. tools/identities holds the rules on steps from one to the next. */
import { CHARTS, KAFKA } from "../../../ground/versions";
import { type SiteRule, when } from "../../values/rule";
import type { KafkaSite } from "./schema";

/** Strimzi runs the versions of Kafka that it has images of, and refuses others. */
const operatorKnowsKafka: SiteRule<KafkaSite> = ({ kafka: { version } }) =>
  when(
    !(version in KAFKA.versions),
    ["kafka", "version"],
    `${Object.keys(KAFKA.versions).join(", ")}, which Strimzi ${CHARTS.strimzi.version} runs`,
    "choose one of them",
  );

/** Strimzi leaves the metadata version as it is, with a warning, when Kafka does not know it. */
const kafkaKnowsMetadata: SiteRule<KafkaSite> = ({ kafka: { version, metadataVersion } }) => {
  const own = KAFKA.versions[version];
  const known = KAFKA.metadataVersions.slice(0, own ? KAFKA.metadataVersions.indexOf(own) + 1 : undefined);
  return when(
    !known.includes(metadataVersion),
    ["kafka", "metadataVersion"],
    `${known.join(", ")}, which Kafka ${version} knows`,
    "choose one of them",
  );
};

/** Rules of Kafka's versions. */
export const versionRules = [operatorKnowsKafka, kafkaKnowsMetadata];
