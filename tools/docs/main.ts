/** `npm run docs`. */
import { runToolCommand, toolCommand } from "../../cli/shared/process/tool";
import { writeDocs } from "./files";

runToolCommand(toolCommand("docs", "writes the generated documents, and names those that changed"), () => {
  const written = writeDocs();
  console.log(written.length > 0 ? written.join("\n") : "every generated document is current");
  return Promise.resolve(0);
});
