/** Kafka's programs, as scripts of ours find them in Strimzi's image. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Each program, and its class. */
const PROGRAMS = [
  ["kafka-topics.sh", "org.apache.kafka.tools.TopicCommand"],
  ["kafka-consumer-groups.sh", "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"],
] as const;

/** Writes them into a folder; `home` has Kafka's libraries. */
export function writeKafkaPrograms(folder: string, home: string): void {
  for (const [name, program] of PROGRAMS) {
    const java = `exec java -XX:TieredStopAtLevel=1 -cp '${home}/lib/*' ${program} "$@"`;
    writeFileSync(join(folder, name), `#!/bin/sh\n${java}\n`, { mode: 0o755 });
  }
}
