/** Admission webhooks on a cluster whose pods are simulated: nobody answers them, so nobody may be asked. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../../../cli/shared/kubernetes/client";

const GROUP = "/apis/admissionregistration.k8s.io/v1";
const KINDS = ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"];

/** Milliseconds between two looks; the pods of a release take longer to become ready. */
const PAUSE = 250;

/** Empties every configuration of webhooks as soon as it is there, until {@link stop}. */
export class Webhooks {
  private stopped = false;
  private loop: Promise<void> = Promise.resolve();

  constructor(private readonly api: Cluster) {}

  start(): void {
    this.loop = this.watch();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.loop;
  }

  private async watch(): Promise<void> {
    while (!this.stopped) {
      // A server that is away says so to whoever works on it.
      await this.round().catch(() => undefined);
      await sleep(PAUSE);
    }
  }

  private async round(): Promise<void> {
    for (const kind of KINDS)
      for (const { metadata, webhooks } of (await this.api.list(`${GROUP}/${kind}`)) as Webhooked[])
        if ((webhooks ?? []).length > 0) await this.api.patch(`${GROUP}/${kind}/${metadata.name}`, { webhooks: [] });
  }
}

type Webhooked = Awaited<ReturnType<Cluster["list"]>>[number] & { readonly webhooks?: readonly unknown[] };
