/** LOVE's own configuration: files that browsers load, of which people choose one. */
import { stableJson } from "../../../synthesized/text";
import type { LovePart } from "../surroundings";
import { LOVE_PATH, SAL_STATUS_PATH } from "./paths";

/** Name of the ConfigMap. */
export const LOVE_CONFIGURATION = "love-conf";

/** Severities of an alarm, the last one being none at all. */
type Severity = "warning" | "serious" | "mute";

/** What an alarm must be before it is heard, by file. The names are fixed: LOVE's database knows them. */
const SOUND = {
  "default.json": "warning",
  "serious-alarms.json": "serious",
  "no-alarms.json": "mute",
} as const satisfies Record<string, Severity>;

/** One of LOVE's configurations, as LOVE-frontend reads it. */
interface LoveConfiguration {
  readonly alarms: { readonly minSeveritySound: Severity; readonly minSeverityNotification: Severity };
  /** Paths of cameras, by the names that views call them. */
  readonly camFeeds: Readonly<Record<string, string>>;
  readonly efd: {
    readonly defaultEfdInstance: string;
    /** The browser asks there whether the EFD is well. */
    readonly urlStatus: string;
  };
  readonly sal: {
    /** The browser asks there which brokers Kafka has. @default - the site has no REST proxy, and views say so */
    readonly urlStatus?: string;
    readonly expectedBrokerList: readonly number[];
  };
}

/** LOVE's configurations of a site, by file. */
export function loveConfigurations({
  spec,
  host,
  efd,
}: Pick<LovePart, "spec" | "host" | "efd">): Record<keyof typeof SOUND, string> {
  const configuration = (minSeveritySound: Severity): LoveConfiguration => ({
    alarms: { minSeveritySound, minSeverityNotification: "warning" },
    camFeeds: Object.fromEntries(spec.cameras.map(({ feed, path }) => [feed, `${LOVE_PATH}/${path}`])),
    // InfluxDB lets every page ask for its health (CORS), and wants no account for it.
    efd: { defaultEfdInstance: spec.efdAlias, urlStatus: `https://${efd.influxdbHost}/health` },
    sal: {
      ...(efd.restProxy === undefined ? {} : { urlStatus: `https://${host}${SAL_STATUS_PATH}` }),
      expectedBrokerList: efd.brokerIds,
    },
  });
  const files = Object.entries(SOUND).map(([file, sound]) => [file, `${stableJson(configuration(sound), 2)}\n`]);
  return Object.fromEntries(files) as Record<keyof typeof SOUND, string>;
}
