/** Admission webhooks on a cluster whose pods are simulated: nobody answers them, so nobody may be asked. */
import { setTimeout as sleep } from "node:timers/promises";
import { inside } from "../../../synthesized/stack";
import type { Cluster } from "../../../cli/shared/kubernetes/client";

const GROUP = "/apis/admissionregistration.k8s.io/v1";
const KINDS = ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"];

/** Milliseconds between two looks; the pods of a release take longer to become ready. */
const PAUSE = 250;

/** Empties configurations of webhooks as soon as they are there, until {@link stop}. */
export class Webhooks {
  private stopped = false;
  private loop: Promise<void> = Promise.resolve();

  /** Those that ask a Service of these namespaces. @default - all */
  constructor(
    private readonly api: Cluster,
    private readonly namespaces?: readonly string[],
  ) {}

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

  private isUnanswered(webhook: unknown): boolean {
    return this.namespaces?.includes(serviceNamespace(webhook)) ?? true;
  }

  private async round(): Promise<void> {
    for (const kind of KINDS)
      for (const { metadata, webhooks } of (await this.api.list(`${GROUP}/${kind}`)) as Webhooked[])
        if ((webhooks ?? []).some((one) => this.isUnanswered(one)))
          await this.api.patch(`${GROUP}/${kind}/${metadata.name}`, { webhooks: [] });
  }
}

/** Where a webhook's Service is. */
function serviceNamespace(webhook: unknown): string {
  return String(inside(webhook, "clientConfig", "service", "namespace"));
}

type Webhooked = Awaited<ReturnType<Cluster["list"]>>[number] & { readonly webhooks?: readonly unknown[] };
