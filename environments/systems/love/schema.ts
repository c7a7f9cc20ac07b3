/** What a site's file says of LOVE. */
import { z } from "zod";
import { expectation } from "../../values/expectation";
import * as form from "../../values/forms";
import { disk } from "../../values/quantities";
import { resources } from "../../values/resources";
import type { SiteOf } from "../../values/system";
import { LOVE_DEFAULTS } from "./defaults";
import * as love from "./forms";
import { PROFILES, ROUTES } from "./profiles";

const images = z
  .strictObject({
    registry: love.registry().describe("Where LOVE's images are: registry and folder"),
    pullSecret: z
      .boolean()
      .default(true)
      .describe("Whether they are private, so that pods need an account of the registry"),
    cycle: love.cycle().describe("Control-system cycle, the tag of all images that have none of their own"),
    manager: love.cycle().optional().describe("Tag of love-manager"),
    producer: love.cycle().optional().describe("Tag of love-producer"),
    commander: love.cycle().optional().describe("Tag of love-commander"),
    frontend: love.cycle().optional().describe("Tag of love-frontend-k8s, the application that browsers load"),
    managerStatic: love.cycle().optional().describe("Tag of love-manager-static"),
    viewBackup: love.cycle().optional().describe("Tag of love-view-backup"),
    audioBroadcaster: love.cycle().optional().describe("Tag of audio_broadcaster"),
  })
  .describe("LOVE's own images");

const database = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("external"),
      host: form.address().describe("Host of PostgreSQL"),
      port: form.port().default(5432),
      name: love.word().default("love").describe("Name of the database"),
      user: love.word().default("love").describe("Account"),
    }),
    z.strictObject({
      kind: z.literal("inside"),
      disk: disk().describe("Volume of a PostgreSQL of our own"),
      resources: resources(LOVE_DEFAULTS.postgresql),
    }),
  ])
  .describe("PostgreSQL with users, views and configuration");

const producer = z.strictObject({
  name: love.producerName().describe("Last words of the Deployment's name"),
  csc: love.csc().describe("CSC and its index (MTM1M3:0)"),
  route: z
    .enum(ROUTES)
    .default("producers")
    .describe("By which set of manager-producers its telemetry reaches the views, under profile phalanx2026"),
  resources: love.ownResources().optional().describe("Where they differ from `producerResources`"),
  logLevel: form.wholeNumber(0, 50, "a level of Python's logging, 0–50 (10 is debug)").optional(),
  asynchronous: love
    .salTopics()
    .optional()
    .describe("What it passes on when it comes; with or without `periodic`, the only topics that it takes"),
  periodic: love
    .salTopics()
    .optional()
    .describe("What it asks for every 2 s; with or without `asynchronous`, the only topics that it takes"),
});

/** LOVE's section of a site's file. */
export const schema = {
  love: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .describe(
          "The switch. With false the section stays and the next deploy removes LOVE, its namespace first; destroy the layer before, so that it goes in order",
        ),
      profile: z.enum(PROFILES).default("phalanx2026").describe("Which sets of manager-producers there are"),
      salSite: love
        .word()
        .describe(
          "What SAL and LOVE call the site (LSST_SITE, LOVE_SITE): it picks the views that are loaded at first",
        ),
      images,
      sciencePlatform: form
        .hostName()
        .optional()
        .describe("Host of the logging services (OLE) and of the site's other web pages; left out, there are none"),
      efdAlias: love
        .word()
        .describe("Name under which the commander looks up the account of an EFD at the outside credential service"),
      ldap: z
        .array(love.ldap())
        .max(3, { error: expectation({ allowed: "at most 3 servers", remedy: "leave some out" }) })
        .default([])
        .describe(
          "Servers that know the users, in the order in which they are asked; users of LOVE's own come after them",
        ),
      database,
      jira: z
        .strictObject({ host: form.hostName(), project: form.wholeNumber(1, 10_000_000, "the number of a project") })
        .optional()
        .describe("Where observers file problems"),
      mail: z
        .strictObject({
          user: love.word().describe("Account of the mail server"),
          nightReport: love.mail().optional().describe("Who gets the night report; left out, it is an input"),
        })
        .optional()
        .describe("Night reports by mail"),
      objectStore: z
        .strictObject({
          endpoint: form.webOrigin().describe("S3 server"),
          instance: love.bucketWord().describe("Last word of its bucket, rubinobs-lfa-<instance>"),
          checksumWhenRequired: z
            .boolean()
            .default(false)
            .describe("Whether the server refuses checksums that nobody asked for"),
        })
        .optional()
        .describe("Large File Annex: what the commander uploads, and the views' backups, each day"),
      remoteAccounts: z
        .array(love.controlRoom())
        .default([])
        .describe("Other control rooms that have an account of LOVE's own"),
      frontend: z
        .strictObject({
          minReplicas: form.count(love.FRONTENDS).default(LOVE_DEFAULTS.frontend.minReplicas),
          maxReplicas: form.count(love.FRONTENDS).default(LOVE_DEFAULTS.frontend.maxReplicas),
          nightReplicas: form
            .count(love.FRONTENDS)
            .optional()
            .describe("Least number while the site observes; twice minReplicas when left out, at most maxReplicas"),
          cpuTarget: form
            .wholeNumber(1, 100, "per cent of the request, 1–100")
            .default(LOVE_DEFAULTS.frontend.cpuTarget)
            .describe("Mean CPU above which another frontend starts, in per cent of the request"),
          cpuPerView: love
            .cpu()
            .default(LOVE_DEFAULTS.frontend.cpuPerView)
            .describe("CPU that one open view takes; only the capacity that is reported follows from it"),
        })
        .prefault({}),
      managerResources: resources(LOVE_DEFAULTS.manager).describe(
        "CPU and memory of each manager: frontends and manager-producers",
      ),
      trace: z
        .boolean()
        .default(false)
        .describe("Whether managers stamp each message with the times of its way, for measurements"),
      compress: z.boolean().default(false).describe("Whether managers compress what they send to browsers"),
      redis: z
        .strictObject({
          maxMemory: love
            .redisMemory()
            .default(LOVE_DEFAULTS.redis.maxMemory)
            .describe("Ceiling of Redis, below the limit of its pod"),
          groupExpiry: love
            .groupExpiry()
            .default(LOVE_DEFAULTS.redis.groupExpiry)
            .describe("Seconds after which Redis forgets a group that nobody renewed"),
          resources: resources(LOVE_DEFAULTS.redis.resources),
        })
        .prefault({}),
      nginx: z
        .strictObject({
          replicas: form.count(love.NGINX).default(LOVE_DEFAULTS.nginx.replicas),
          resources: resources(LOVE_DEFAULTS.nginx.resources),
        })
        .prefault({}),
      commander: z.strictObject({ resources: resources(LOVE_DEFAULTS.commander) }).prefault({}),
      cameras: z
        .array(
          z.strictObject({
            path: love.word().describe("Last word of its path below /love"),
            feed: love.feed().describe("What views call it (starTrackerA)"),
            url: form
              .serviceAddress()
              .describe("Where nginx finds it; a path at the end, even /, takes the place of the prefix"),
          }),
        )
        .default([])
        .describe("Cameras whose pictures views show"),
      microphones: z
        .array(z.strictObject({ name: form.kubernetesNameForm(), host: form.address() }))
        .default([])
        .describe("Microphones whose sound a broadcaster brings to browsers; the first is number 1"),
      spread: z
        .boolean()
        .default(false)
        .describe("Whether pods of producers, sets and broadcasters keep away from one another's nodes where they can"),
      producerResources: resources(LOVE_DEFAULTS.producer).describe(
        "CPU and memory of each producer that has none of its own",
      ),
      producers: z
        .array(producer)
        .min(1)
        .describe("Programs that bring each CSC's telemetry and events to the managers"),
    })
    .describe("LOVE, the web interface of the operators; left out, there is none")
    .optional(),
};

/** What a site's file says of LOVE. */
export type LoveSite = SiteOf<typeof schema>;

/** LOVE of a site that has it. */
export type LoveSpec = NonNullable<LoveSite["love"]>;

/** One producer. */
export type ProducerSpec = LoveSpec["producers"][number];

/** LOVE of a site, where it is switched on. */
export function loveOf({ love }: LoveSite): LoveSpec | undefined {
  return love?.enabled ? love : undefined;
}
