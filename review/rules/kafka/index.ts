import type { Rule } from "../rule";
import { ACCOUNT_RULES } from "./accounts";
import { BROKER_RULES } from "./brokers";
import { TOPIC_RULES } from "./topics";

/** All rules of Kafka. */
export const KAFKA_RULES: readonly Rule[] = [...BROKER_RULES, ...ACCOUNT_RULES, ...TOPIC_RULES];
