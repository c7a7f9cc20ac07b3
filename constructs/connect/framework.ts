/** What the workers of Kafka Connect and of MirrorMaker 2, which is built on it, have in common. */
import { kafkaUser } from "../kafka/secrets";
import type { ScramLogin } from "../kafka/resources";
import type { Settings } from "./resources";

/** Login of an account of ours. */
export function scramLogin(username: string): ScramLogin {
  const passwordSecret = { secretName: kafkaUser(username).name, password: "password" };
  return { type: "scram-sha-512", username, passwordSecret };
}

/** Consumer group of the workers, and the topics in which they keep their state. */
export function workerTopics(prefix: string) {
  return {
    groupId: `${prefix}cluster`,
    configStorageTopic: `${prefix}configs`,
    offsetStorageTopic: `${prefix}offsets`,
    statusStorageTopic: `${prefix}status`,
  };
}

/** The topics of the workers have the replication factor that the brokers give to any other topic. */
export const BROKERS_REPLICATION: Settings = {
  "config.storage.replication.factor": -1,
  "offset.storage.replication.factor": -1,
  "status.storage.replication.factor": -1,
};
