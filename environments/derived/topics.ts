/** Rules and warnings on the topics that a site's file names, wherever it does. */
import type { Environment } from "../schema";
import { looksLikeSal, nearestCscs, takesKnownCsc, takesNothingOfSal } from "../systems/kafka/sal";
import { type SiteRule, type Warning, when } from "../values/rule";
import { all } from "./systems";

/** Each topic, pattern or beginning of names with its place and, as a pattern, what it takes. */
function namedTopics(site: Environment) {
  return all(site, ({ topics }) => topics).flatMap(({ path, names, kind }) =>
    names.map((name, i) => ({
      path: kind === "made" ? [...path, i, "name"] : [...path, i],
      name,
      kind,
      pattern: kind === "prefixes" ? `${name}*` : name,
    })),
  );
}

/** A consumer of a topic that cannot be there runs, is ready, and reads nothing. */
const topicsCanBeThere: SiteRule<Environment> = (site) =>
  namedTopics(site).flatMap(({ path, kind, pattern }) => {
    const csc = pattern.split(".")[2]?.replaceAll("*", "") || "<CSC>";
    return when(
      // Whoever makes a topic may call it as he likes.
      kind !== "made" && takesNothingOfSal(pattern),
      path,
      "lsst.sal.<CSC>.<topic>, as all of SAL's topics are called: none is called like this",
      kind === "patterns" ? `write lsst.sal.${csc}.* for all topics of ${csc}` : "write the whole name of a topic",
    );
  });

/** Rules of topics. */
export const topicRules = [topicsCanBeThere];

/** A name that is mistyped is no mistake of form: a CSC may be newer than this program. */
function unknownCscs(site: Environment): Warning[] {
  return namedTopics(site).flatMap(({ path, name, pattern }) =>
    takesKnownCsc(pattern)
      ? []
      : [
          {
            path,
            what: `no CSC is known whose topics are called ${name} (nearest: ${nearestCscs(pattern).join(", ")})`,
            remedy: "correct the name, or leave it where the CSC is newer than this program",
          },
        ],
  );
}

/** Kafka tells upper from lower case, and every dot counts. */
const nearlySal = (site: Environment): Warning[] =>
  namedTopics(site).flatMap(({ path, name, pattern }) =>
    looksLikeSal(pattern)
      ? [
          {
            path,
            what: `${name} takes none of SAL's topics, which begin with lsst.sal. in lower case`,
            remedy: "write lsst.sal.<CSC>.<topic> where those are meant",
          },
        ]
      : [],
  );

/** Without `*` a pattern is the whole name of one topic. Other programs' topics may be called like the beginning of ours. */
function beginningsOnly(site: Environment): Warning[] {
  const made = site.kafka.topics.map(({ name }) => name);
  return namedTopics(site).flatMap(({ path, name, kind }) => {
    const longer = made.filter((topic) => topic.startsWith(`${name}.`));
    return kind === "patterns" && longer.length > 0 && !made.includes(name)
      ? [
          {
            path,
            what: `${name} takes the one topic of that name, and not ${longer.join(", ")} of kafka.topics`,
            remedy: `write ${name}.* where those are meant`,
          },
        ]
      : [];
  });
}

/** Warnings on topics. */
export const topicWarnings = (site: Environment): Warning[] => [
  ...unknownCscs(site),
  ...nearlySal(site),
  ...beginningsOnly(site),
];
