/** The file with which Redis is started. */
import type { LoveSpec } from "../../../environments/systems/love/schema";
import { bytes, cores } from "../../../ground/units";

/** The settings of Redis that we write. Sizes are bytes, times seconds. */
interface RedisSettings {
  /** After which a client that says nothing is cut off. Managers wait for messages 5 s at a time (channels_redis). */
  readonly timeout: 60;
  readonly "tcp-keepalive": 60;
  /** Nothing is kept: groups come back with the subscriptions that browsers and producers renew. */
  readonly save: '""';
  readonly appendonly: "no";
  readonly maxmemory: number;
  readonly "maxmemory-policy": "volatile-ttl";
  readonly "maxmemory-samples": 64;
  readonly "maxmemory-clients": "25%";
  readonly "client-output-buffer-limit": string;
  readonly "io-threads": 1 | 2;
  readonly "lazyfree-lazy-eviction": "yes";
  readonly "lazyfree-lazy-expire": "yes";
}

/** Largest buffer of one client: Redis's own default has no limit for clients that subscribe to nothing. */
const LARGEST_BUFFER = 64 * 2 ** 20;

/**
 * Above the ceiling, Redis removes what would expire first. Those are the messages that wait for a manager (5 s), then
 * groups that nobody renews any more: browsers renew theirs every 300 s and producers every 60 s, so that a living group
 * has all of its life left but 300 s. A manager whose queue goes misses messages that are at most 5 s old; views
 * whose group goes get nothing until they renew it. A full queue is written to all the time, so the policies that
 * remove what was not used for long take all groups before it, and `noeviction` refuses subscriptions. Queues are few
 * among the groups: Redis has to look at as many keys as it can before it chooses, 64, or groups go that need not.
 * `npm run bench:love-redis` shows all that.
 *
 * What clients have not read yet counts as memory too, and no removed key frees it: hence the limits of their buffers.
 */
export function redisConfig({ maxMemory, resources }: LoveSpec["redis"]): string {
  const maxmemory = bytes(maxMemory);
  const buffer = Math.min(LARGEST_BUFFER, Math.floor(maxmemory / 8));
  const settings: RedisSettings = {
    timeout: 60,
    "tcp-keepalive": 60,
    save: '""',
    appendonly: "no",
    maxmemory,
    "maxmemory-policy": "volatile-ttl",
    "maxmemory-samples": 64,
    "maxmemory-clients": "25%",
    "client-output-buffer-limit": `normal ${buffer} ${Math.floor(buffer / 2)} 30`,
    // A second thread writes answers where there is a core for it; it takes one all the time that there is work.
    "io-threads": cores(resources.limits.cpu) >= 2 ? 2 : 1,
    "lazyfree-lazy-eviction": "yes",
    "lazyfree-lazy-expire": "yes",
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value}\n`)
    .join("");
}
