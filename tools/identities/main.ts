/** `npm run identities`: writes the contract of every site, unless one of them would go where it must not. */
import { selectSites } from "../../cli/lib/sites";
import { SITES } from "../../environments";
import { runTool } from "../tool";
import { writeContracts } from "./contracts";

runTool(() => {
  const refused = writeContracts(selectSites(SITES));
  for (const line of refused) console.error(line);
  return Promise.resolve(refused.length > 0 ? 1 : 0);
});
