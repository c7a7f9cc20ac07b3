import type { Construct } from "constructs";
import { type ClusterAccess, addClusterProviders } from "../constructs/cluster/cluster-access";
import type { ChartSource } from "../constructs/helm/chart-release";
import type { Environment } from "../environments/schema";
import { BaseStack, type BaseStackProps } from "./base-stack";

/** What the platform layer is made of. */
export interface PlatformStackProps extends BaseStackProps {
  readonly environment: Environment;
  readonly access: ClusterAccess;
  readonly charts: ChartSource;
}

export class PlatformStack extends BaseStack {
  constructor(scope: Construct, props: PlatformStackProps) {
    super(scope, props);
    addClusterProviders(this, props.access);
  }
}
