/** Ctrl-C: children are signalled once and waited for, temporary things are removed, nothing new starts. */
import { Interrupted } from "../../../ground/errors";

const controller = new AbortController();

/** Aborted by the first SIGINT or SIGTERM. */
export const interruption: AbortSignal = controller.signal;

/** Listens to signals. Later ones are ignored: Terraform must write its state. */
export function catchSignals(tell: (line: string) => void): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => {
      if (!interruption.aborted) tell("interrupted: waiting until what runs has ended");
      controller.abort(new Interrupted());
    });
}
