/** Secrets: where they come from, and when they are another. */
import { at, textAt } from "../model/tree";
import { differenceAt, goes } from "../read/things";
import { type Rule, ruleOn } from "./rule";

/** A Secret's maker goes. */
export const externalSecretGoes = ruleOn(
  ["ExternalSecret"],
  {
    id: "external-secret-goes",
    explanation:
      "An ExternalSecret leaves the program: a Secret that it owns goes with it, one that it does not own stays as it is.",
    risk: "interrupts",
  },
  (thing) => {
    if (!goes(thing) || thing.keep) return undefined;
    const owned = textAt(thing.before, "spec", "target", "creationPolicy") !== "Orphan";
    const secret = textAt(thing.before, "spec", "target", "name") ?? thing.name;
    return owned
      ? {
          risk: "interrupts",
          what: `the Secret ${thing.namespace}/${secret} goes with its ExternalSecret`,
          why: "a pod that reads it runs on and does not start again without it",
          remedy: "see that nothing reads the Secret any more",
        }
      : {
          risk: "changes access",
          what: `the Secret ${thing.namespace}/${secret} stays, and nobody keeps it up to date`,
          why: "a password that changes at its source no longer arrives",
          remedy: "remove the Secret by hand once nothing reads it",
        };
  },
);

/** A Secret's source changes. */
export const externalSecretChanged = ruleOn(
  ["ExternalSecret", "Password", "ClusterSecretStore", "SecretStore"],
  {
    id: "secret-source",
    explanation: "A Secret comes from elsewhere, is made anew, or its store changes: programs get another password.",
    risk: "interrupts",
  },
  (thing) => {
    const label = `${thing.type} ${thing.namespace ? `${thing.namespace}/` : ""}${thing.name}`;
    if (thing.action === "delete")
      return thing.type === "ExternalSecret"
        ? undefined
        : {
            risk: "changes access",
            what: `${label} ${thing.keep ? "leaves the program" : "is deleted"}`,
            why: "Secrets that are made by it stay, and are no longer kept up to date or made again",
            remedy: "see that no ExternalSecret refers to it",
          };
    if (thing.action !== "update" || !differenceAt(thing, /^spec/)) return undefined;
    const again =
      textAt(thing.before, "spec", "refreshPolicy") === "CreatedOnce" &&
      textAt(thing.after, "spec", "refreshPolicy") !== "CreatedOnce";
    const renamed = differenceAt(thing, /^spec\.target\.name$/);
    if (again || renamed)
      return {
        risk: "interrupts",
        what: again ? `the generated Secret ${thing.name} is made anew` : `the Secret of ${label} gets another name`,
        why: again
          ? "what runs keeps the old password in its data (InfluxDB, Kafka) and refuses the new one"
          : "pods that read the old one do not start again",
        remedy: again ? "leave refreshPolicy: CreatedOnce" : "change its readers in the same plan",
      };
    return {
      risk: "changes access",
      what: `${label} changes ${thing.differences
        .map(({ path }) => path)
        .filter((path) => path.startsWith("spec"))
        .slice(0, 3)
        .join(", ")}`,
      why: "the Secret may hold other values from the next refresh; `rollouts` restarts the programs that read it",
      remedy: "compare the source",
    };
  },
);

/** A Secret of ours goes or has another revision. */
export const secretRevision = ruleOn(
  ["kubernetes_secret_v1", "Secret"],
  {
    id: "secret-revision",
    explanation: "A Secret of Terraform gets a new revision, other content, or goes.",
    risk: "interrupts",
  },
  (thing) => {
    if (thing.action === "create" || thing.action === "move") return undefined;
    if (goes(thing))
      return {
        risk: "interrupts",
        what: `${thing.label} ${thing.action === "delete" ? "is deleted" : "is replaced"}`,
        why: "whoever reads it is refused until it is there again",
        remedy: "see that nothing reads it any more",
      };
    const revision = differenceAt(thing, /_wo_revision$/);
    const content = differenceAt(thing, /^(data|string_data|stringData|binary_data)/);
    if (!revision && !content) return undefined;
    return {
      risk: "changes access",
      what: `${thing.label} gets other content${revision ? ` (revision ${String(at(thing.before, "data_wo_revision") ?? "none")} to ${String(at(thing.after, "data_wo_revision") ?? "none")})` : ""}`,
      why: "whoever reads it logs in with the new value from then on",
      remedy: "see that the other side accepts the new value",
    };
  },
);

/** All of them. */
export const SECRET_RULES: readonly Rule[] = [externalSecretGoes, externalSecretChanged, secretRevision];
