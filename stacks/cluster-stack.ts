import type { Construct } from "constructs";
import type { K3sEnvironment } from "../environments/schema";
import { BaseStack, type BaseStackProps } from "./base-stack";

/** What the cluster layer is made of. */
export interface ClusterStackProps extends BaseStackProps {
  readonly cluster: K3sEnvironment;
  /** Where the kubeconfig is written, relative to the stack's folder. */
  readonly kubeconfig: string;
}

export class ClusterStack extends BaseStack {
  constructor(scope: Construct, props: ClusterStackProps) {
    super(scope, props);
  }
}
