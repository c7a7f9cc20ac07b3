import type { Construct } from "constructs";
import { addClusterProviders, type ClusterAccess } from "../../constructs/cluster/cluster-access";
import { kafkaUser } from "../../constructs/kafka/secrets";
import { LOVE_APP } from "../../constructs/love/labels";
import { LoveNetwork } from "../../constructs/love/network";
import { loveSecrets } from "../../constructs/love/secrets";
import { RestartWaves } from "../../constructs/restarts/restarts";
import { Secrets } from "../../constructs/secrets/secrets";
import type { Environment } from "../../environments/schema";
import { SAL_ACCOUNT } from "../../environments/systems/kafka/sal";
import { loveOf, type LoveSpec } from "../../environments/systems/love/schema";
import { NAMESPACE } from "../../ground/namespaces";
import { BaseStack, type BaseStackProps } from "../base/base-stack";
import { addressOf, givenCertificates, webOf } from "../efd/web";
import { efdReference } from "./efd";
import { addOutputs } from "./outputs";
import { addPrograms } from "./programs";
import { restartsOf } from "./restarts";

/** What the LOVE layer is made of. */
export interface LoveStackProps extends BaseStackProps {
  readonly environment: Environment;
  readonly access: ClusterAccess;
}

/** LOVE, on the site's EFD. Where it is switched off the layer is empty, so that an apply removes what is there. */
export class LoveStack extends BaseStack {
  constructor(scope: Construct, props: LoveStackProps) {
    super(scope, props);
    addClusterProviders(this, props.access);
    const spec = loveOf(props.environment);
    if (spec) this.addLove(props.environment, spec);
  }

  private addLove(site: Environment, spec: LoveSpec): void {
    const web = webOf(site, addressOf(this, site));
    const host = web.host(LOVE_APP);
    const secrets = new Secrets(this, "secrets", {
      name: "love-secrets",
      source: site.secrets,
      targets: loveSecrets(spec),
      ofOtherLayers: [kafkaUser(SAL_ACCOUNT)],
    });
    const certificates = givenCertificates(this, site, "love-certificates", [NAMESPACE.love]);
    const part = { spec, host, efd: efdReference(site, web), dependsOn: [secrets.ready, ...certificates] };
    addPrograms(this, { ...part, web, site });
    new LoveNetwork(this, "network", spec);
    new RestartWaves(this, "rollouts", restartsOf(part));
    addOutputs(this, { host, spec });
  }
}
