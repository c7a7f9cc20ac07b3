import { SITES } from "../../environments";
import { accessOf } from "../shared/site/addresses";
import type { Context } from "../shared/terminal/context";
import { shownPath, table } from "../shared/terminal/output";
import { kubeconfigProblem } from "../shared/session/kubeconfig-problem";
import { Session } from "../shared/session/session";
import { selectSite } from "../shared/site/sites";

/** `npm run access -- <site>`: prints the kubeconfig, every address and account, and where passwords are. */
export async function access(context: Context, name: string): Promise<number> {
  const { output } = context;
  const environment = selectSite(SITES, name);
  const session = new Session(environment, context);
  const reason = await kubeconfigProblem(session);
  const found = accessOf(environment, session.stacks, shownPath(session.kubeconfig), context.env);

  output.print(`${output.colour.bold(name)}: ${environment.title}`);
  output.print(`kubeconfig: ${reason ? output.colour.yellow(reason) : found.kubeconfig}`);
  if (found.api) output.print(`Kubernetes API: ${found.api}`);
  output.print("");
  output.print(
    table(
      ["what", "address"],
      found.addresses.map((one) => [one.name, one.address]),
    ),
  );
  if (found.names) output.print(found.names);
  output.print("");
  output.print(
    table(
      ["of", "account", "for"],
      found.accounts.map((one) => [one.of, one.name, one.description]),
    ),
  );
  output.print("\nTheir passwords, and keys and certificates, for whoever may see them:");
  for (const { of, name: account, password, certificate } of found.accounts)
    output.print([`  ${of} ${account}`, password, ...(certificate ? [certificate] : [])].join("\n    "));
  output.print(`\nAuthority of the certificates: ${found.authority}`);
  const next = reason ? `npm run deploy -- ${name}` : `kubectl --kubeconfig ${found.kubeconfig} get pods -A`;
  output.print(`\nNext: ${output.colour.bold(next)}`);
  output.result({ ...found, kubeconfigProblem: reason, next });
  return 0;
}
