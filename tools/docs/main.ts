/** `npm run docs`. */
import { writeDocs } from "./files";

writeDocs();
