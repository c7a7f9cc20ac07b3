/** Secrets: where they come from, and when their content changes. */
import { differenceAt, goes, sides } from "../read/resources";
import { at, textAt } from "./reading";
import { onEach, onLoss, type Rule } from "./rule";

/** All of them. */
export const SECRET_RULES: readonly Rule[] = [
  {
    id: "external-secret-goes",
    explanation:
      "An ExternalSecret leaves the program: a Secret that it owns goes with it, one that it does not own stays as it is.",
    risk: "interrupts",
    find: onLoss(["ExternalSecret"], (resource) => {
      const owned = textAt(resource.before, "spec", "target", "creationPolicy") !== "Orphan";
      const secret = textAt(resource.before, "spec", "target", "name") ?? resource.name;
      return owned
        ? {
            subject: `${resource.namespace}/${secret}`,
            what: `the Secret ${resource.namespace}/${secret} goes with its ExternalSecret`,
            why: "a running pod goes on, and does not start again without it",
            remedy: "check that nothing reads the Secret any more",
          }
        : {
            risk: "changes access",
            what: `the Secret ${resource.namespace}/${secret} stays, and nobody keeps it up to date`,
            why: "a password that changes at its source no longer arrives",
            remedy: "remove the Secret by hand once nothing reads it",
          };
    }),
  },
  {
    id: "secret-source",
    explanation:
      "A Secret comes from elsewhere, is created again, or its store changes: programs get another password.",
    risk: "interrupts",
    find: onEach(["ExternalSecret", "Password", "ClusterSecretStore", "SecretStore"], (resource) => {
      const { label } = resource;
      if (resource.action === "delete")
        return resource.type === "ExternalSecret"
          ? undefined
          : {
              risk: "changes access",
              what: `${label} ${resource.keep ? "leaves the program" : "is deleted"}`,
              why: "Secrets that are made by it stay, and are no longer kept up to date or made again",
              remedy: "check that no ExternalSecret refers to it",
            };
      if (resource.action !== "update" || !differenceAt(resource, /^spec/)) return undefined;
      const [once, still] = sides(resource, (side) => textAt(side, "spec", "refreshPolicy") === "CreatedOnce");
      const again = once && !still;
      const renamed = differenceAt(resource, /^spec\.target\.name$/);
      if (again || renamed)
        return {
          what: again
            ? `the generated Secret ${resource.name} is generated again`
            : `the Secret of ${label} gets another name`,
          why: again
            ? "what runs keeps the old password in its data (InfluxDB, Kafka) and refuses the new one"
            : "pods that read the old one do not start again",
          remedy: again ? "keep refreshPolicy: CreatedOnce" : "change its readers in the same plan",
        };
      const paths = resource.differences.filter(({ path }) => path.startsWith("spec"));
      if (paths.every(({ path }) => path === "spec.target.immutable"))
        return {
          risk: "harmless",
          what: `${label} makes a Secret that can${textAt(resource.after, "spec", "target", "immutable") === "true" ? " no longer" : ""} be changed`,
          why: "the value that is there stays; one that nobody can change cannot be overwritten by a new one either",
          remedy: "nothing; to rotate such a password delete its Secret first",
        };
      return {
        risk: "changes access",
        what: `${label} changes ${resource.differences
          .map(({ path }) => path)
          .filter((path) => path.startsWith("spec"))
          .slice(0, 3)
          .join(", ")}`,
        why: "the Secret may hold other values from the next refresh; `rollouts` restarts the programs that read it",
        remedy: "compare the source",
      };
    }),
  },
  {
    id: "secret-revision",
    explanation: "A Secret of Terraform gets a new revision, other content, or is removed.",
    risk: "interrupts",
    find: onEach(["kubernetes_secret_v1", "Secret"], (resource) => {
      if (resource.action === "create" || resource.action === "move") return undefined;
      if (goes(resource))
        return {
          what: `${resource.label} ${resource.action === "delete" ? "is deleted" : "is replaced"}`,
          why: "whoever reads it is refused until it is there again",
          remedy: "check that nothing reads it any more",
        };
      const revision = differenceAt(resource, /_wo_revision$/);
      const content = differenceAt(resource, /^(data|string_data|stringData|binary_data)/);
      if (!revision && !content) return undefined;
      return {
        risk: "changes access",
        what: `${resource.label} gets new content${revision ? ` (revision ${String(at(resource.before, "data_wo_revision") ?? "none")} to ${String(at(resource.after, "data_wo_revision") ?? "none")})` : ""}`,
        why: "whoever reads it logs in with the new value from then on",
        remedy: "check that the other side accepts the new value",
      };
    }),
  },
];
