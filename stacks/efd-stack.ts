import type { Construct } from "constructs";
import { type ClusterAccess, addClusterProviders } from "../constructs/cluster/cluster-access";
import type { ChartSource } from "../constructs/helm/chart-release";
import type { Environment } from "../environments/schema";
import { BaseStack, type BaseStackProps } from "./base-stack";

/** What the efd layer is made of. */
export interface EfdStackProps extends BaseStackProps {
  readonly environment: Environment;
  readonly access: ClusterAccess;
  readonly charts: ChartSource;
}

export class EfdStack extends BaseStack {
  constructor(scope: Construct, props: EfdStackProps) {
    super(scope, props);
    addClusterProviders(this, props.access);
  }
}
