/** LOVE's database: users, views, and what an observer configured. */
import { sides } from "../../read/resources";
import { judged, type Rule } from "../rule";
import { variable, workloadSays, workloadsOf } from "./parts";

/** Variables of a manager that say where its database is. */
const PLACE = ["DB_HOST", "DB_PORT", "DB_NAME", "DB_USER"] as const;

/** All of them. */
export const DATABASE_RULES: readonly Rule[] = [
  {
    id: "love-database",
    explanation:
      "LOVE gets another database, whose users and views are others; or its own PostgreSQL is removed, stopped or restarted.",
    risk: "interrupts",
    find: (layer) => [
      ...(["frontend", "set"] as const)
        .flatMap((part) => workloadsOf(part, layer))
        .filter(({ action }) => action === "update")
        .flatMap((resource) =>
          judged(resource, () => {
            const [was, is] = sides(resource, (side) => PLACE.map((name) => variable(side, name) ?? "none"));
            const changed = PLACE.flatMap((name, i) =>
              was[i] === is[i] ? [] : [`${name} ${is[i]} instead of ${was[i]}`],
            );
            if (changed.length === 0) return [];
            return [
              {
                resource,
                asks: true as const,
                subject: resource.name,
                what: `LOVE uses another database (${changed.join(", ")}) in ${resource.name}`,
                why: "users, their views and what they configured stay in the old one; the new one has the fixtures, and whoever is logged in must log in again",
                remedy: "stop LOVE, copy the database with pg_dump and pg_restore, then apply",
              },
            ];
          }),
        ),
      ...workloadsOf("database", layer).flatMap((resource) =>
        judged(resource, () => {
          const found = workloadSays("database", resource, {
            gone: {
              why: "nobody logs in, and managers do not start: its data stay on their PVC as long as that does",
              remedy: "keep it, or copy the database with pg_dump first",
            },
            restarts: {
              risk: "restarts",
              why: "for some seconds nobody logs in and no view opens; open ones go on",
              remedy: "do it outside observing hours; another major version of PostgreSQL does not read the old files",
            },
          });
          return found ? [{ resource, ...found }] : [];
        }),
      ),
    ],
  },
];
