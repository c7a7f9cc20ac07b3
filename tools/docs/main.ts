/** `npm run docs`. */
import { writeDocs } from "./files";

const written = writeDocs();
console.log(written.length > 0 ? written.join("\n") : "every generated document is current");
