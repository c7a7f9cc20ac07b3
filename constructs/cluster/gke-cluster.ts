import { ComputeNetwork } from "@cdktf/provider-google/lib/compute-network";
import { ComputeRouter } from "@cdktf/provider-google/lib/compute-router";
import { ComputeRouterNat } from "@cdktf/provider-google/lib/compute-router-nat";
import { ComputeSubnetwork } from "@cdktf/provider-google/lib/compute-subnetwork";
import { ContainerCluster } from "@cdktf/provider-google/lib/container-cluster";
import { ContainerNodePool } from "@cdktf/provider-google/lib/container-node-pool";
import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { ClusterSite } from "../../environments/systems/cluster/schema";
import { kubernetesName } from "../core/names";
import { stateful } from "../core/stateful";
import { Kubeconfig } from "./kubeconfig";

/** Google's program with which clients of Kubernetes log in, as the account that gcloud has on that machine. */
export const GKE_LOGIN_PROGRAM = "gke-gcloud-auth-plugin";

/**
 * Networks of nodes, pods and Services, in Google's own sizes for them. The network is the cluster's alone, so they
 * need to differ from one another only. They cannot change later.
 */
const RANGES = { nodes: "10.0.0.0/20", pods: "10.4.0.0/14", services: "10.8.0.0/20", controlPlane: "172.16.0.0/28" };

const TIMEOUTS = { create: "30m", update: "30m", delete: "30m" };

/** Account of the nodes, and its rights, without which no node starts. */
interface NodeAccount {
  readonly email: string;
  readonly rights: ITerraformDependable;
}

/** What a cluster is made of. */
export interface GkeClusterProps {
  /** Name of cluster, network and node pool, of cluster, user and context of the kubeconfig. */
  readonly name: string;
  readonly spec: Extract<ClusterSite["cluster"], { kind: "gke" }>;
  /** Whether Google refuses to delete the cluster. */
  readonly deletionProtection: boolean;
  /** Where the kubeconfig is written, absolute or relative to the stack's folder. */
  readonly kubeconfig: string;
}

/** A cluster of Google's Kubernetes Engine with a network and a node pool of its own, and the access to it. */
export class GkeCluster extends Construct {
  /** URL of the Kubernetes API. */
  readonly host: string;
  /** Authority of the API server's certificate, PEM; public. */
  readonly certificateAuthority: string;

  constructor(scope: Construct, id: string, props: GkeClusterProps) {
    super(scope, id);
    const { project, zone, privateNodes } = props.spec;
    const name = kubernetesName(props.name, 40);
    const region = zone.replace(/-[a-z]$/, "");
    new GoogleProvider(this, "google", { project, region, zone });
    const { network, subnetwork } = this.addNetwork(name, region, privateNodes);
    const account = this.addAccount(name, props);
    const cluster = this.addCluster(name, props, network, subnetwork, account);
    this.addNodes(name, props.spec, cluster, account);
    this.host = `https://${cluster.endpoint}`;
    this.certificateAuthority = Fn.base64decode(cluster.masterAuth.clusterCaCertificate);
    new Kubeconfig(this, "kubeconfig", {
      path: props.kubeconfig,
      name,
      server: this.host,
      certificateAuthority: this.certificateAuthority,
      client: {
        program: GKE_LOGIN_PROGRAM,
        installHint: `${GKE_LOGIN_PROGRAM} logs in to GKE: gcloud components install ${GKE_LOGIN_PROGRAM}`,
      },
    });
  }

  private addNetwork(name: string, region: string, privateNodes: boolean) {
    const network = stateful(new ComputeNetwork(this, "network", { name, autoCreateSubnetworks: false }), "network");
    const subnetwork = stateful(
      new ComputeSubnetwork(this, "subnetwork", {
        name,
        network: network.id,
        region,
        ipCidrRange: RANGES.nodes,
        privateIpGoogleAccess: true,
        secondaryIpRange: [
          { rangeName: "pods", ipCidrRange: RANGES.pods },
          { rangeName: "services", ipCidrRange: RANGES.services },
        ],
      }),
      "subnetwork",
    );
    if (privateNodes) this.addNat(name, region, network.id);
    return { network, subnetwork };
  }

  /**
   * The account of the nodes. They write logs and metrics and do nothing else; pods have accounts of their own or none.
   */
  private addAccount(name: string, { name: full, spec }: GkeClusterProps): NodeAccount {
    const account = new ServiceAccount(this, "account", {
      accountId: kubernetesName(`${full}-nodes`, 30),
      displayName: `nodes of ${name}`,
    });
    const rights = new ProjectIamMember(this, "rights", {
      project: spec.project,
      role: "roles/container.defaultNodeServiceAccount",
      member: account.member,
    });
    return { email: account.email, rights };
  }

  private addCluster(
    name: string,
    { spec, deletionProtection }: GkeClusterProps,
    network: ComputeNetwork,
    subnetwork: ComputeSubnetwork,
    account: NodeAccount,
  ): ContainerCluster {
    const { project, zone, privateNodes, releaseChannel, maintenanceStart, machineType } = spec;
    return stateful(
      new ContainerCluster(this, "cluster", {
        name,
        location: zone,
        deletionProtection,
        releaseChannel: { channel: releaseChannel },
        maintenancePolicy: { dailyMaintenanceWindow: { startTime: maintenanceStart } },
        network: network.id,
        subnetwork: subnetwork.id,
        networkingMode: "VPC_NATIVE",
        ipAllocationPolicy: { clusterSecondaryRangeName: "pods", servicesSecondaryRangeName: "services" },
        // Without it nothing enforces network policies.
        datapathProvider: "ADVANCED_DATAPATH",
        ...(privateNodes
          ? {
              privateClusterConfig: {
                enablePrivateNodes: true,
                enablePrivateEndpoint: false,
                masterIpv4CidrBlock: RANGES.controlPlane,
              },
            }
          : {}),
        workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
        enableShieldedNodes: true,
        enableLegacyAbac: false,
        masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
        addonsConfig: { gcePersistentDiskCsiDriverConfig: { enabled: true } },
        // GKE makes no cluster without a pool. This pool is deleted at once, with its node.
        initialNodeCount: 1,
        removeDefaultNodePool: true,
        nodeConfig: { serviceAccount: account.email, machineType },
        // They describe the first pool, which is deleted; a change of them would replace the cluster.
        lifecycle: { ignoreChanges: ["initial_node_count", "node_config"] },
        dependsOn: [account.rights],
        timeouts: TIMEOUTS,
      }),
      "cluster",
    );
  }

  private addNodes(name: string, spec: GkeClusterProps["spec"], cluster: ContainerCluster, account: NodeAccount): void {
    new ContainerNodePool(this, "nodes", {
      name,
      cluster: cluster.id,
      location: spec.zone,
      nodeCount: spec.nodes,
      management: { autoRepair: true, autoUpgrade: true },
      nodeConfig: {
        machineType: spec.machineType,
        imageType: "COS_CONTAINERD",
        diskSizeGb: spec.diskGb,
        diskType: spec.diskType,
        serviceAccount: account.email,
        // The account limits what nodes may do, as Google advises.
        oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
        shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
        workloadMetadataConfig: { mode: "GKE_METADATA" },
        metadata: { "disable-legacy-endpoints": "true" },
      },
      dependsOn: [account.rights],
      // Nodes are drained one after the other, and a broker needs minutes to stop.
      timeouts: { ...TIMEOUTS, update: "2h" },
    });
  }

  /** Private nodes fetch images through it. */
  private addNat(name: string, region: string, network: string): void {
    const router = new ComputeRouter(this, "router", { name, region, network });
    new ComputeRouterNat(this, "nat", {
      name,
      region,
      router: router.name,
      natIpAllocateOption: "AUTO_ONLY",
      sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
    });
  }
}
