import { ClusterRoleBindingV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-binding-v1";
import { ClusterRoleV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-v1";
import { JobV1 } from "@cdktf/provider-kubernetes/lib/job-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { shortHash } from "../../synthesized/text";
import { image } from "../../ground/versions";
import { labels } from "./objects";
import { restrictedTemplate } from "./workload";

/** Objects whose condition `Ready` is waited for. */
export interface Awaited {
  /** API group of all of them. */
  readonly group: string;
  /** Plural names of their kinds. */
  readonly kinds: readonly string[];
  /** Seconds until the wait fails. */
  readonly timeout: number;
}

/** What a Job waits for. */
export interface ReadyJobProps {
  /** Name of the release whose objects are waited for. */
  readonly name: string;
  readonly namespace: string;
  readonly awaited: Awaited;
  /** Label of the objects, in any namespace. */
  readonly selector: string;
  /** Text of the objects: another text is another Job. */
  readonly revision: string;
  readonly dependsOn: ITerraformDependable[];
}

/** Fails the apply when custom resources do not become `Ready`; the next apply waits again. */
export class ReadyJob extends Construct {
  /** The Job, which ends when everything is ready. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, props: ReadyJobProps) {
    super(scope, id);
    const { group, kinds, timeout } = props.awaited;
    const name = `ready-${props.name}`;
    const metadata = { name, namespace: props.namespace, labels: labels("ready", props.name) };
    const cluster = { name: `${props.namespace}-${name}`, labels: metadata.labels };
    const account = new ServiceAccountV1(this, "account", {
      metadata,
      automountServiceAccountToken: false,
      // The namespace is among these.
      dependsOn: props.dependsOn,
    });
    const role = new ClusterRoleV1(this, "role", {
      metadata: cluster,
      rule: [{ apiGroups: [group], resources: [...kinds], verbs: ["get", "list", "watch"] }],
    });
    const binding = new ClusterRoleBindingV1(this, "binding", {
      metadata: cluster,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
      subject: [{ kind: "ServiceAccount", name: account.metadata.name, namespace: props.namespace }],
    });
    this.ready = new JobV1(this, "job", {
      metadata: { ...metadata, name: `${name}-${shortHash(props.revision)}` },
      waitForCompletion: true,
      timeouts: { create: `${timeout + 120}s`, update: `${timeout + 120}s` },
      dependsOn: [...props.dependsOn, binding],
      spec: {
        backoffLimit: 2,
        activeDeadlineSeconds: timeout + 60,
        template: restrictedTemplate({
          labels: metadata.labels,
          user: 65532,
          pod: {
            restartPolicy: "Never",
            serviceAccountName: account.metadata.name,
            container: [
              {
                name: "kubectl",
                image: image("kubectl"),
                args: [
                  "wait",
                  "--for=condition=Ready",
                  `--timeout=${timeout}s`,
                  "--all-namespaces",
                  `--selector=${props.selector}`,
                  kinds.map((kind) => `${kind}.${group}`).join(","),
                ],
                resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "200m", memory: "128Mi" } },
              },
            ],
          },
        }),
      },
    });
  }
}
