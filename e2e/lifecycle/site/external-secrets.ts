/** external-secrets, simulated, on the site's cluster. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../cli/shared/process/process";
import { until } from "../../../cli/shared/process/until";
import type { LiveObject } from "../../../cli/shared/kubernetes/client";
import { benchProgram } from "../../rehearsal/control-plane/control-plane";
import { isReady } from "../../rehearsal/operators/cluster-view";
import { SIMULATED_EXTERNAL_SECRETS } from "../../rehearsal/operators/external-secrets";
import { Operators } from "../../rehearsal/operators/operators";
import type { Canary } from "../../rehearsal/layers/canaries";
import type { TestSite } from "./test-site";

/** Every ExternalSecret of the cluster. */
export const EXTERNAL_SECRETS_PATH = "/apis/external-secrets.io/v1/externalsecrets";

/**
 * Runs the operator while something is done, and until every ExternalSecret is ready as it is then.
 *
 * @returns the values that it made up.
 */
export async function withExternalSecrets(
  testSite: TestSite,
  act: () => Promise<void> = () => Promise.resolve(),
): Promise<{ values: readonly Canary[] }> {
  const operators = new Operators({
    kubeconfig: readFileSync(testSite.kubeconfig, "utf8"),
    kubectl: benchProgram(testSite.env, "kubectl"),
    run,
    env: testSite.env,
    folder: join(testSite.folder, "accounts"),
    simulated: [SIMULATED_EXTERNAL_SECRETS],
  });
  operators.start();
  try {
    await act();
    const ended = await until(240, async () => {
      const all = await testSite.items(EXTERNAL_SECRETS_PATH);
      const { ready, notReady } = operators.report();
      const seen = (ready["ExternalSecret"] ?? 0) >= all.length && notReady.length === 0;
      const isSynced = seen && all.every((one) => isReady(one as LiveObject));
      return isSynced || undefined;
    });
    if (ended) return { values: operators.values };
    const open = operators.report().notReady.map(({ object, reason }) => `${object}: ${reason}`);
    throw new Error(`external-secrets, simulated, does not end: ${open.join("; ")}`);
  } finally {
    await operators.stop();
  }
}
