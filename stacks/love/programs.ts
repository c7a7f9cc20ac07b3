import type { Construct } from "constructs";
import type { Web } from "../../constructs/kubernetes/web";
import { AudioBroadcasters } from "../../constructs/love/audio";
import { Commander } from "../../constructs/love/commander";
import { CscEnvironment } from "../../constructs/love/csc-environment";
import { Managers } from "../../constructs/love/manager/managers";
import { LoveNginx } from "../../constructs/love/nginx/nginx";
import { PostgreSql } from "../../constructs/love/postgresql/postgresql";
import { Producers } from "../../constructs/love/producers/producers";
import { RedisCleanup } from "../../constructs/love/redis/cleanup";
import { Redis } from "../../constructs/love/redis/redis";
import type { LovePart } from "../../constructs/love/surroundings";
import { ViewBackup } from "../../constructs/love/view-backup";
import type { Environment } from "../../environments/schema";
import { volumesOf } from "../base/volumes";

/** LOVE of a site. */
export interface Programs extends LovePart {
  readonly site: Environment;
  readonly web: Web;
}

/**
 * LOVE's programs in the order in which they need one another: stores, the managers with what the database must have,
 * nginx before them, and then whoever connects through it. The commander needs none of these, and producers do not know
 * of one another: all of them start at once.
 */
export function addPrograms(scope: Construct, props: Programs): void {
  const { spec, site, dependsOn } = props;
  const { database, objectStore, microphones } = spec;
  const environment = new CscEnvironment(scope, "csc-environment", props);
  const redis = new Redis(scope, "redis", { spec, dependsOn });
  new RedisCleanup(scope, "redis-cleanup", { spec, dependsOn: [redis.ready] });
  const stores = [
    redis.ready,
    ...(database.kind === "inside"
      ? [new PostgreSql(scope, "postgresql", { spec, database, volumes: volumesOf(site), dependsOn }).ready]
      : []),
  ];
  const managers = new Managers(scope, "managers", { ...props, observing: site.observing, dependsOn: stores });
  const nginx = new LoveNginx(scope, "nginx", { ...props, after: managers.ready });
  new Commander(scope, "commander", { ...props, dependsOn: [environment.ready] });
  new Producers(scope, "producers", { ...props, dependsOn: [environment.ready, nginx.ready] });
  if (microphones.length > 0) new AudioBroadcasters(scope, "audio", { spec, dependsOn });
  if (objectStore) new ViewBackup(scope, "view-backup", { spec, objectStore, dependsOn: managers.ready });
}
