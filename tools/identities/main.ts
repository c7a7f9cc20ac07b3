/** `npm run identities`: writes the contract of every site, unless one of them would take a step that must not be taken. */
import { shownPath } from "../../cli/shared/terminal/output";
import { selectSites } from "../../cli/shared/site/sites";
import { SITES } from "../../environments";
import { runToolCommand, toolCommand } from "../../cli/shared/process/tool";
import { CONTRACTS, writeContracts } from "./contracts";

const command = toolCommand(
  "identities",
  "writes __tests__/identities of every site, unless one would take a step that must not be taken: then it says why, and writes nothing",
);

runToolCommand(command, () => {
  const sites = selectSites(SITES);
  const refused = writeContracts(sites);
  for (const line of refused) console.error(line);
  if (refused.length === 0)
    console.log(
      `wrote ${shownPath(CONTRACTS)} of ${sites.length} sites: commit what changed together with the sites' files`,
    );
  return Promise.resolve(refused.length > 0 ? 1 : 0);
});
