import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import type { Construct } from "constructs";
import { GkeCluster, type GkeClusterProps } from "../../constructs/cluster/gke-cluster";
import { K3sCluster, type K3sClusterProps } from "../../constructs/cluster/k3s-cluster";
import { addOutput } from "../../constructs/core/outputs";
import type { Environment } from "../../environments/schema";
import { BaseStack, type BaseStackProps } from "../base/base-stack";

/** What the cluster layer is made of. */
export interface ClusterStackProps extends BaseStackProps {
  readonly cluster: K3sClusterProps["spec"] | GkeClusterProps["spec"];
  readonly storage: Environment["storage"];
  /** Where the kubeconfig is written, relative to the stack's folder. */
  readonly kubeconfig: string;
}

/** The cluster layer: k3s in Docker, or GKE. Its state has the cluster's keys; its outputs do not. */
export class ClusterStack extends BaseStack {
  constructor(scope: Construct, props: ClusterStackProps) {
    super(scope, props);
    new LocalProvider(this, "local");
    const cluster = props.cluster.kind === "k3s" ? this.k3s(props.cluster, props) : this.gke(props.cluster, props);
    addOutput(this, "host", cluster.host, "URL of the Kubernetes API");
    addOutput(
      this,
      "certificate_authority",
      cluster.certificateAuthority,
      "Authority of the API server's certificate, PEM",
    );
  }

  private k3s(spec: K3sClusterProps["spec"], { site, storage, kubeconfig }: ClusterStackProps): K3sCluster {
    new TlsProvider(this, "tls");
    new RandomProvider(this, "random");
    return new K3sCluster(this, "k3s", { name: site, spec, storageClasses: storage.classes, kubeconfig });
  }

  private gke(spec: GkeClusterProps["spec"], { site, kubeconfig, allowDestroy }: ClusterStackProps): GkeCluster {
    return new GkeCluster(this, "gke", { name: `efd-${site}`, spec, deletionProtection: !allowDestroy, kubeconfig });
  }
}
