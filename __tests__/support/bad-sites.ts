/** Loaded before the program (`node --import`): puts two bad sites in place of all. */
import { SITES } from "../../environments";
import type { EnvironmentInput } from "../../environments/schema";
import { siteWith } from "./environment";
import { APART, type Changes } from "./bad-environments";

const all = Object.assign({}, ...APART.map(({ changes }) => changes)) as Changes;
(SITES as EnvironmentInput[]).splice(
  0,
  SITES.length,
  siteWith(all),
  siteWith({
    name: "other",
    "kafka.replication": 4,
    "cluster.dockerHost": "ssh://other",
    "cluster.address": "192.0.2.2",
  }),
  siteWith({ name: "right", "cluster.dockerHost": "ssh://right", "cluster.address": "192.0.2.3" }),
);
