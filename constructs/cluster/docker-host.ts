import { Image } from "@cdktf/provider-docker/lib/image";
import { DockerProvider } from "@cdktf/provider-docker/lib/provider";
import { Construct } from "constructs";

/** No prompts, and a timeout of 10 seconds. The operator's ssh configuration decides how host keys are checked. */
const SSH_OPTIONS = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=10"];

/** A machine whose Docker runs nodes. */
export interface DockerHostProps {
  /** Name of the first node on it: alias of its provider. */
  readonly alias: string;
  /** Address of its Docker daemon: `unix:///…` or `ssh://[user@]host[:port]`, or the reference to an input. */
  readonly address: string;
}

/**
 * A machine whose Docker runs nodes: a provider of its own and the k3s images on it.
 *
 * Terraform reaches resources of a host only through the provider of that host. So remove an agent from a site's file
 * and apply, before the host is removed.
 */
export class DockerHost extends Construct {
  /** Provider of every resource on this host. */
  readonly provider: DockerProvider;
  private readonly images = new Map<string, string>();

  constructor(scope: Construct, id: string, props: DockerHostProps) {
    super(scope, id);
    this.provider = new DockerProvider(this, "docker", {
      alias: props.alias,
      host: props.address,
      // By default it is $DOCKER_CONTEXT, which overrides the host.
      context: "",
      ...(!props.address.startsWith("unix:") && { sshOpts: SSH_OPTIONS }),
    });
  }

  /**
   * Name of an image once it is on the host; its id is the name of the first node that runs it. It is a name, not
   * an id, so that a tag that is pushed again replaces no node.
   *
   * @param node - name of the node that runs it
   * @param reference - the image with an exact tag
   */
  image(node: string, reference: string): string {
    const known = this.images.get(reference);
    if (known !== undefined) return known;
    const image = new Image(this, `image-${node}`, {
      provider: this.provider,
      name: reference,
      // Another cluster on the host may run from it, and a rollback needs no pull.
      keepLocally: true,
    });
    image.overrideLogicalId(node);
    this.images.set(reference, image.name);
    return image.name;
  }
}
