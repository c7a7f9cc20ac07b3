/** Certificates and who signs them. */
import { differenceAt } from "../read/resources";
import { at } from "./reading";
import { changedPaths, onEach, type Rule } from "./rule";

/** All of them. */
export const CERTIFICATE_RULES: readonly Rule[] = [
  {
    id: "certificate",
    explanation:
      "A certificate or its issuer is removed or changes: clients see another certificate, or none once the old one expires.",
    risk: "interrupts",
    find: onEach(["Certificate", "ClusterIssuer", "Issuer"], (resource) => {
      if (resource.action === "create") return undefined;
      const authority = at(resource.before, "spec", "isCA") === true;
      if (resource.action === "delete")
        return resource.keep
          ? {
              risk: "harmless",
              what: `${resource.label} leaves the program and stays in the cluster`,
              why: "it is marked to be kept, and is renewed as before",
              remedy: "delete it by hand once nothing uses it",
            }
          : {
              risk: authority ? "interrupts" : "changes access",
              what: `${resource.label} is deleted`,
              why: authority
                ? "the site's own authority goes: certificates of a new one are trusted by no client"
                : "its certificate is used until it expires and is not renewed",
              remedy: authority ? "keep it" : "check that nothing uses it any more",
            };
      if (!differenceAt(resource, /^spec/)) return undefined;
      return {
        risk: authority ? "interrupts" : "changes access",
        what: `${resource.label} changes ${changedPaths(resource)}`,
        why: authority
          ? "the site's own authority is signed again: every client must trust it again"
          : "a new certificate is issued; where names went, clients that use them refuse it",
        remedy: "compare names and issuer with what clients use",
      };
    }),
  },
];
