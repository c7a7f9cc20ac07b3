/**
 * How a site is synthesized for a rehearsal. This file is also put into the tree of another revision and run there,
 * with that revision's sites, stacks and constructs: it imports only what every revision has.
 */
import { App } from "cdktf";
import { mkdirSync } from "node:fs";
import { SITES } from "../../environments";
import { parseEnvironment } from "../../environments/parse";
import type { Environment } from "../../environments/schema";
import { Site } from "../../stacks/site";

/** What is synthesized, and where. */
export interface SynthesisProps {
  readonly kubeconfig: string;
  readonly states: string;
  readonly out: string;
  /** Folder with the charts. @default - where the site gets them */
  readonly charts?: string;
}

/** The layers above the cluster, all of which may be destroyed. */
const UPPER = ["platform", "efd", "love"];

/** The same site on a cluster that is there already, with every destroy allowed. */
export function onExisting(environment: Environment, kubeconfig: string): Environment {
  const { name, cluster } = environment;
  const provisioner =
    cluster.kind === "existing" ? cluster.provisioner : cluster.kind === "gke" ? "gce-pd" : "local-path";
  const { address, hostPath = "/data" } = cluster.kind === "gke" ? {} : cluster;
  return {
    ...environment,
    cluster: { kind: "existing", kubeconfig, address, hostPath, provisioner },
    allowDestroys: UPPER.map((layer) => `${name}-${layer}`),
  };
}

/** What replaces a site's own access, states and charts. */
export function replacements({ kubeconfig, states, charts }: SynthesisProps) {
  return {
    access: { kubeconfig },
    backend: { kind: "folder", path: states } as const,
    ...(charts ? { charts: { mirror: charts } } : {}),
  };
}

/** Synthesizes a site of this tree. @throws when it has no site of this name. */
export function synthesizeHere(name: string, props: SynthesisProps): void {
  const site = SITES.find((one) => one.name === name);
  if (!site) throw new Error(`this revision has no site ${name}`);
  mkdirSync(props.out, { recursive: true });
  const app = new App({ outdir: props.out });
  new Site(app, onExisting(parseEnvironment(site), props.kubeconfig), replacements(props));
  app.synth();
}
