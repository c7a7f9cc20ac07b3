/** Ctrl-C, once: children are told and waited for, whatever was started is removed, nothing new starts. */
import { Interrupted } from "../../../ground/errors";

const controller = new AbortController();

/** Aborted by the first SIGINT or SIGTERM. */
export const interruption: AbortSignal = controller.signal;

/** Listens to signals. The second and later ones change nothing: Terraform must write its state. */
export function catchSignals(tell: (line: string) => void): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => {
      if (!interruption.aborted) tell("interrupted: waiting until what runs has ended");
      controller.abort(new Interrupted());
    });
}
