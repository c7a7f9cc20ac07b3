/** What scenarios of the second day need. */
import type { Scenario } from "../../site/scenario";

/** The registry that package registries alone give keeps its schemas in memory; the one that comes with Strimzi's images keeps them in Kafka. */
export const KEEPS_SCHEMAS: Pick<Scenario, "needs"> = { needs: ["strimzi", "kafka"] };
