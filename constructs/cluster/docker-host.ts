import { Image } from "@cdktf/provider-docker/lib/image";
import { DockerProvider } from "@cdktf/provider-docker/lib/provider";
import { Construct } from "constructs";

/** Asks nothing and gives up after 10 seconds. Host keys are checked as the operator's ssh configuration says. */
const SSH_OPTIONS = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=10"];

/** A machine whose Docker runs nodes. */
export interface DockerHostProps {
  /** Name of the first node on it: alias of its provider, id of its image. */
  readonly alias: string;
  /** Address of its Docker daemon: `unix:///…` or `ssh://[user@]host[:port]`. */
  readonly address: string;
  /** Image of its nodes, with an exact tag. */
  readonly image: string;
}

/**
 * A machine whose Docker runs nodes: a provider of its own and the k3s image on it.
 *
 * Terraform reaches what exists on a host through that host's provider only: an agent is destroyed before its host
 * leaves the site's data.
 */
export class DockerHost extends Construct {
  /** For every resource on this host. */
  readonly provider: DockerProvider;
  /** Name of the image once it is on the host. A name, not an id: a tag that is pushed anew replaces no node. */
  readonly image: string;

  constructor(scope: Construct, id: string, props: DockerHostProps) {
    super(scope, id);
    this.provider = new DockerProvider(this, "docker", {
      alias: props.alias,
      host: props.address,
      // Left out, it is $DOCKER_CONTEXT, which wins over the host.
      context: "",
      ...(props.address.startsWith("ssh:") && { sshOpts: SSH_OPTIONS }),
    });
    const image = new Image(this, "image", {
      provider: this.provider,
      name: props.image,
      // Another cluster on the host may run from it, and a rollback needs no pull.
      keepLocally: true,
    });
    image.overrideLogicalId(props.alias);
    this.image = image.name;
  }
}
