/** The form of Kubernetes' labels. */
import { z } from "zod";
import { isHostName } from "../../ground/units";
import { EXPECTATIONS, expectation } from "./expectation";

const LABEL_NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

function isLabelKey(key: string): boolean {
  const [name = "", prefix, ...more] = key.split("/").toReversed();
  return more.length === 0 && LABEL_NAME.test(name) && (prefix === undefined || isHostName(prefix));
}

const KEY = expectation({
  allowed:
    "a label's name of 1–63 letters, digits, dots, hyphens and underscores, with a DNS name and a slash before it or without",
  remedy: "rename it",
});
const OWN_KEY = expectation({
  allowed: "no name below kubernetes.io and k8s.io but node.kubernetes.io, for a kubelet refuses to start with it",
  remedy: "take a prefix of your own",
});
const VALUE = expectation({
  allowed: "at most 63 letters, digits, dots, hyphens and underscores, with a letter or digit at both ends",
  remedy: "shorten or rename it",
});
const TEXT = { allowed: "labels as text by name", remedy: "write them in quotes" };

const isKubernetesOwn = (key: string) =>
  /(^|\.)(kubernetes|k8s)\.io\//.test(key) && !/(^|\.)(node|kubelet)\.kubernetes\.io\//.test(key);

/** Labels; `own` where a node gives them to itself, for which Kubernetes takes few of its own prefixes. */
export const labelsForm = (own = false) => {
  const error = expectation(TEXT);
  return z
    .record(z.string(), z.string({ error }).register(EXPECTATIONS, TEXT), { error })
    .superRefine((all, context) => {
      for (const [key, value] of Object.entries(all)) {
        const wrong = [
          ...(isLabelKey(key) ? [] : [KEY]),
          ...(own && isKubernetesOwn(key) ? [OWN_KEY] : []),
          ...(value === "" || LABEL_NAME.test(value) ? [] : [VALUE]),
        ];
        for (const message of wrong.slice(0, 1)) context.addIssue({ code: "custom", path: [key], message });
      }
    });
};
