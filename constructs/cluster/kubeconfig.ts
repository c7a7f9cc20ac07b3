import { SensitiveFile } from "@cdktf/provider-local/lib/sensitive-file";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { toYaml } from "../../synthesized/yaml";
import type { KeyPair } from "./k3s-pki";

/** A program that logs in: the file holds no credential. */
export interface LoginProgram {
  /** Name of the program, which must be on the user's PATH. */
  readonly program: string;
  /** What to do when it is missing. */
  readonly installHint: string;
}

/** What the file says. */
export interface KubeconfigProps {
  /** Path of the file, absolute or relative to the stack's folder. */
  readonly path: string;
  /** Name of cluster, user and context. */
  readonly name: string;
  /** URL of the Kubernetes API. */
  readonly server: string;
  /** Authority of its certificate, PEM. */
  readonly certificateAuthority: string;
  /** Who logs in. */
  readonly client: KeyPair | LoginProgram;
}

function login(client: KeyPair | LoginProgram): object {
  if ("program" in client)
    return {
      exec: {
        apiVersion: "client.authentication.k8s.io/v1beta1",
        command: client.program,
        installHint: client.installHint,
        provideClusterInfo: true,
        interactiveMode: "Never",
      },
    };
  return {
    "client-certificate-data": Fn.base64encode(client.certificate),
    "client-key-data": Fn.base64encode(client.privateKey),
  };
}

/** The access to a cluster on the operator's disk, readable by its owner only. */
export class Kubeconfig extends Construct {
  constructor(scope: Construct, id: string, props: KubeconfigProps) {
    super(scope, id);
    const { name } = props;
    const content = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name,
          cluster: {
            server: props.server,
            "certificate-authority-data": Fn.base64encode(props.certificateAuthority),
          },
        },
      ],
      users: [{ name, user: login(props.client) }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      "current-context": name,
    };
    new SensitiveFile(this, "file", {
      filename: props.path,
      filePermission: "0600",
      directoryPermission: "0700",
      content: toYaml(content),
    }).overrideLogicalId("kubeconfig");
  }
}
