/** Backups of what the EFD keeps: InfluxDB's points, Chronograf's dashboards, Kapacitor's tasks. */
import { z } from "zod";
import { bytes } from "../../../ground/units";
import type { GeneralSite } from "../../general/site";
import { gibibytes } from "../../values/amounts";
import { expectation } from "../../values/expectation";
import * as form from "../../values/forms";
import { disk as diskSize } from "../../values/quantities";
import { pathOfNames, region, s3Bucket } from "../../values/texts";
import { type SiteRule, type Warning, when } from "../../values/rule";
import { fixedPods, type Share, type SiteOf, type System } from "../../values/system";
import type { ChronografSite } from "../chronograf";
import type { InfluxdbSite } from "../influxdb";
import type { KapacitorSite } from "../kapacitor";
import { missingClass } from "../storage/rules";
import type { StorageSite } from "../storage/schema";

/** What backups get when a site says nothing. */
export const BACKUPS_DEFAULTS = {
  /** Ours: three days to find out that something was lost. */
  keep: 3,
  /** When the site does not say when it observes. */
  at: { time: "03:00", timeZone: "UTC" },
} as const;

/** What one run takes; copies go from disk to disk. */
export const BACKUP_POD = { cpu: "100m", memory: "128Mi", limit: "1Gi" } as const satisfies Share;

const disk = (what: string) => diskSize().describe(what);
const className = form.kubernetesNameForm().optional().describe("Class of the volumes; the site's own when left out");

const target = z
  .discriminatedUnion(
    "kind",
    [
      z.strictObject({
        kind: z.literal("volume"),
        disk: disk("Volume for InfluxDB's backups; those of Chronograf and Kapacitor get as much as their data have"),
        className,
      }),
      z.strictObject({
        kind: z.literal("s3"),
        disk: disk("Volume on which a backup of InfluxDB is made before it goes to the bucket"),
        className,
        bucket: s3Bucket().describe("Name of the bucket"),
        prefix: pathOfNames("efd/summit").optional().describe("Folder of the bucket; the site's name when left out"),
        region: region().describe("Region of the bucket"),
        endpoint: form.webOrigin().optional().describe("S3 server that is not Amazon's"),
      }),
    ],
    {
      error: expectation({
        allowed: "{ kind: volume, disk } or { kind: s3, disk, bucket, region }",
        remedy: "say where backups go",
      }),
    },
  )
  .describe("Where backups go: a volume, best of a class on another disk, or a bucket of S3");

const schema = {
  backups: z
    .strictObject({
      target,
      keep: form
        .wholeNumber(1, 366, "a whole number from 1 to 366", "a backup is made each day")
        .default(BACKUPS_DEFAULTS.keep)
        .describe("How many backups of each program are kept"),
      at: z
        .strictObject({
          time: form.timeOfDay().describe("Time of day"),
          timeZone: form.timeZone().describe("Its time zone, by its name in the IANA database"),
        })
        .optional()
        .describe(
          "When backups are made, each day; at the end of the first window of observing when left out, or 03:00 UTC",
        ),
    })
    .describe("Backups of InfluxDB, Chronograf and Kapacitor, each day; left out, there are none")
    .optional(),
};

/** What a site's file says of its backups. */
export type BackupsSite = SiteOf<typeof schema>;

type Site = BackupsSite & InfluxdbSite & StorageSite & Pick<GeneralSite, "name" | "allowDestroys">;

/** A backup is at most as large as the data's volume; a new one is made before an old one goes. */
const backupsFitVolume: SiteRule<Site> = ({ backups, influxdb }) => {
  if (!backups) return [];
  const { target, keep } = backups;
  const copies = target.kind === "volume" ? keep + 1 : 1;
  const needed = copies * bytes(influxdb.disk);
  return when(
    bytes(target.disk) < needed,
    ["backups", "target", "disk"],
    target.kind === "volume"
      ? `at least ${gibibytes(needed)}: ${keep} backups that are kept and one in the making, each of up to ${influxdb.disk}, influxdb.disk`
      : `at least ${influxdb.disk}, influxdb.disk, for a backup in the making`,
    target.kind === "volume" ? "take a larger volume or keep fewer" : "take a larger volume",
  );
};

const classExists: SiteRule<Site> = (site) =>
  missingClass(site, ["backups", "target", "className"], site.backups?.target.className);

/** When backups are made: where the site does not say it, when it has stopped observing. */
export function backupTime({ backups, observing: [first] }: BackupsSite & Pick<GeneralSite, "observing">): {
  time: string;
  timeZone: string;
} {
  return backups?.at ?? (first ? { time: first.to, timeZone: first.timeZone } : BACKUPS_DEFAULTS.at);
}

/** What is accepted and may not be meant: data of which there is one copy, on one disk. */
function warnings(site: Site): Warning[] {
  const { backups, storage, name, allowDestroys } = site;
  // Where the site says that its data may go, nobody asks for them.
  if (!backups)
    return allowDestroys.includes(`${name}-efd`)
      ? []
      : [
          {
            path: ["backups"],
            what: "none, so what is removed by mistake or lost with its disk stays lost",
            remedy: "name a target",
          },
        ];
  const { target } = backups;
  return target.kind === "volume" && (target.className ?? storage.className) === storage.className
    ? [
        {
          path: ["backups", "target"],
          what: "a volume of the class that holds the data, so one disk that fails takes both",
          remedy: "name a class with a hostPath on another disk, or a bucket",
        },
      ]
    : [];
}

/** Backups. */
export const backups = {
  schema,
  rules: [backupsFitVolume, classExists],
  pods: ({ backups }) => (backups ? [fixedPods(BACKUP_POD, 3)] : []),
  volumes: ({ backups, chronograf, kapacitor }) =>
    backups ? [backups.target.disk, chronograf.disk, kapacitor.disk].map((size) => ({ size, volumes: 1 })) : [],
  foreignAccounts: ({ backups }) => (backups?.target.kind === "s3" ? ["backups.target s3 needs an account of S3"] : []),
  warnings,
} satisfies System<Site & ChronografSite & KapacitorSite>;
