import { loveConfigurations } from "../../../../constructs/love/nginx/configuration";
import { loveSpecOf, partOf } from "../support";
import { filesOf, nginxOf } from "./support";

const SITES = ["summit", "tucson"] as const;
const parsed = (site: string, file: string) =>
  JSON.parse(filesOf(nginxOf(site), "love-conf")[file] ?? "") as Record<string, Record<string, unknown>>;

/** phalanx 2026-08. */
const FACTS: Readonly<Record<(typeof SITES)[number], object>> = {
  summit: {
    camFeeds: {
      starTrackerA: "/love/startrackera",
      starTrackerB: "/love/startrackerb",
      starTrackerC: "/love/startrackerc",
    },
    efd: { defaultEfdInstance: "summit_efd", urlStatus: "https://influxdb-toy-efd.example.org/health" },
  },
  tucson: {
    camFeeds: { simcam: "/love/simcam" },
    efd: { defaultEfdInstance: "tucson_teststand_efd", urlStatus: "https://influxdb-toy-efd.example.org/health" },
  },
};

describe.each(SITES)("%s", (site) => {
  test("LOVE-C47: three files, by the names that LOVE's database knows", () => {
    expect(Object.keys(filesOf(nginxOf(site), "love-conf")).toSorted()).toEqual([
      "default.json",
      "no-alarms.json",
      "serious-alarms.json",
    ]);
  });

  test.each([
    ["default.json", "warning"],
    ["serious-alarms.json", "serious"],
    ["no-alarms.json", "mute"],
  ])("LOVE-C47: %s sounds from %s on, and differs in nothing else", (file, minSeveritySound) => {
    expect(parsed(site, file)).toEqual({
      ...FACTS[site],
      alarms: { minSeveritySound, minSeverityNotification: "warning" },
      sal: { urlStatus: "https://love-toy-efd.example.org/love/sal-status", expectedBrokerList: [6, 7, 8] },
    });
  });
});

test("LOVE-C48: the brokers are those of the site's Kafka", () => {
  const { "default.json": text } = loveConfigurations(partOf(loveSpecOf("tucson"), { efd: { brokerIds: [3, 4, 5] } }));
  expect((JSON.parse(text) as { sal: object }).sal).toMatchObject({ expectedBrokerList: [3, 4, 5] });
});

test("without a REST proxy nobody is asked which brokers there are: views say that there is no address", () => {
  const { "default.json": text } = loveConfigurations(partOf(loveSpecOf("local"), { efd: { restProxy: undefined } }));
  expect((JSON.parse(text) as { sal: object }).sal).toEqual({ expectedBrokerList: [6, 7, 8] });
});
