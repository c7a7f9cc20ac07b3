/** What workers of Kafka Connect and of MirrorMaker 2, which is made of it, have in common. */
import { kafkaUser } from "../kafka/secrets";
import type { ScramLogin } from "../kafka/resources";
import type { Settings } from "./resources";

/** Login of an account of ours. */
export function scramLogin(username: string): ScramLogin {
  const passwordSecret = { secretName: kafkaUser(username).name, password: "password" };
  return { type: "scram-sha-512", username, passwordSecret };
}

/** Where workers keep what they know, each in a topic of its own. */
export function workerTopics(prefix: string) {
  return {
    groupId: `${prefix}cluster`,
    configStorageTopic: `${prefix}configs`,
    offsetStorageTopic: `${prefix}offsets`,
    statusStorageTopic: `${prefix}status`,
  };
}

/** As many copies of the workers' topics as the brokers keep of any other. */
export const BROKERS_REPLICATION: Settings = {
  "config.storage.replication.factor": -1,
  "offset.storage.replication.factor": -1,
  "status.storage.replication.factor": -1,
};
