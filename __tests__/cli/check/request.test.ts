import { CHECKS } from "../../../cli/check/checks";
import { pauseOf, selectChecks, timeoutOf } from "../../../cli/check/request";
import { SUBJECTS } from "../../../cli/check/model/verdict";
import { parseEnvironment } from "../../../environments/parse";
import { UsageError } from "../../../ground/errors";
import { smallSite } from "../../support/environment";

const site = parseEnvironment(smallSite());

describe("selectChecks", () => {
  it("takes every subject that the site has something for", () => {
    const subjects = new Set(selectChecks(CHECKS, site, []).map(({ subject }) => subject));
    expect(SUBJECTS.filter((subject) => !subjects.has(subject))).toEqual(["rest-proxy", "love", "backups"]);
  });

  it("takes the subjects that are named", () => {
    const subjects = selectChecks(CHECKS, site, ["kafka", "host"]).map(({ subject }) => subject);
    expect([...new Set(subjects)]).toEqual(["host", "kafka"]);
  });

  it.each([
    ["kafkaa", /^unknown subject kafkaa: allowed are kafka, host, cluster, /],
    ["sertificates", /^unknown subject sertificates: allowed are certificates, host, /],
    ["love", /^toy has nothing of love: its subjects are host, cluster, kafka, /],
  ])("refuses %s with the right ones", (word, message) => {
    expect(() => selectChecks(CHECKS, site, ["host", word])).toThrow(UsageError);
    expect(() => selectChecks(CHECKS, site, ["host", word])).toThrow(message);
  });
});

describe("options", () => {
  it("are seconds", () => {
    expect([pauseOf({}), pauseOf({ watch: true }), pauseOf({ watch: "5" })]).toEqual([undefined, 30, 5]);
    expect([timeoutOf({}), timeoutOf({ timeout: "10" })]).toEqual([undefined, 10]);
  });

  it.each(["0", "-1", "1.5", "kafka", "3601", ""])("are not %p", (word) => {
    expect(() => pauseOf({ watch: word })).toThrow(/^--watch: got .*, allowed whole seconds from 1 to 3600/);
    expect(() => timeoutOf({ timeout: word })).toThrow(/^--timeout: got /);
  });
});

describe("checks", () => {
  it("end in less than a minute, so that the command does", () => {
    expect(CHECKS.filter(({ seconds }) => seconds > 60)).toEqual([]);
  });

  it("have titles of their own", () => {
    const titles = CHECKS.map(({ subject, title }) => `${subject} ${title}`);
    expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
  });
});
