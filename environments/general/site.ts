/** What a site is called, and what holds for all of it. */
import { z } from "zod";
import * as form from "../values/forms";
import { expectation } from "../values/expectation";
import { line } from "../values/texts";
import type { Warning } from "../values/rule";
import type { SiteOf, System } from "../values/system";

/** Production drops nothing of this pattern (argocd-efd). */
const HOST_PATTERN = "{app}-{site}-efd.{domain}";

const observing = z
  .strictObject({
    from: form.timeOfDay().describe("Begin"),
    to: form.timeOfDay().describe("End; before the begin where it is the next day's"),
    timeZone: form.timeZone().describe("Time zone of both, by its name in the IANA database"),
  })
  .refine(({ from, to }) => from !== to, {
    path: ["to"],
    error: expectation({
      allowed: "another time than the begin",
      remedy: "for a whole day write two windows, to 12:00 and from 12:00",
    }),
  });

const schema = {
  name: form
    .kubernetesNameForm()
    .describe("Short name of the site: first word of its stacks, middle of its host names"),
  title: line().describe("What the site is, for people"),
  domain: form.hostName().describe("Domain of all host names"),
  hostPattern: form
    .textForm(
      (v) => v.includes("{app}") && v.endsWith(".{domain}"),
      "a pattern with {app}, {site} and .{domain} at the end",
      "write {app}-{site}-efd.{domain}",
    )
    .default(HOST_PATTERN)
    .describe("How host names are made"),
  allowDestroys: z
    .array(
      form.matching(
        /^[A-Za-z0-9._:/-]+$/,
        "names of stacks, each alone or with a thing behind a slash",
        "copy it from a finding of the review",
      ),
    )
    .default([])
    .describe(
      "Layers (<site>-<layer>) whose stateful resources may be destroyed, or single things of one (<site>-<layer>/<thing>, as the review names them); empty keeps all",
    ),
  observing: z
    .array(observing)
    .default([])
    .describe("When the telescope observes: reviewed plans are not applied then, unless somebody says why"),
  chartSource: z
    .union([z.literal("upstream"), form.hostPath()], {
      error: expectation({ allowed: "upstream or an absolute folder of chart packages", remedy: "write one of them" }),
    })
    .default("upstream")
    .describe("Where charts come from: their own repositories, or a folder with <chart>-<version>.tgz"),
};

/** What a site's file says of the site as a whole. */
export type GeneralSite = SiteOf<typeof schema>;

/** Zones whose clock says nothing of the sun. */
const NOT_BY_THE_SUN = /^(UTC|GMT|Zulu|Universal|UCT|Greenwich|Etc\/.*)$/;
/** The sun stands high over Chile and over Arizona at this hour of UTC. */
const NOON_BY_UTC = "17:00";

/** Hours that cover noon: begin and end are often changed for one another. */
function observesByDay({ observing }: GeneralSite): Warning[] {
  return observing.flatMap(({ from, to, timeZone }, i) => {
    const noon = NOT_BY_THE_SUN.test(timeZone) ? NOON_BY_UTC : "12:00";
    const covers = from < to ? from <= noon && noon < to : noon >= from || noon < to;
    return covers
      ? [
          {
            path: ["observing", i],
            what: `${from} to ${to} in ${timeZone} covers ${noon}, when it is day, and no reviewed plan is applied then`,
            remedy: "change begin and end for one another where the nights are meant",
          },
        ]
      : [];
  });
}

/** The site as a whole. */
export const site = { schema, warnings: observesByDay } satisfies System<GeneralSite>;
