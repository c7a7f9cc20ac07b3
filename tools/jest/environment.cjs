const { dirname, join } = require("node:path");
const { TestEnvironment } = require("jest-environment-node");

/**
 * Node's environment, with packages that all test files of a worker share (shared-package.cjs): Jest would read and
 * compile cdktf and the providers' bindings again for each file.
 */
module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    // cdktf keeps the calls that made a token and shows them in errors of its own only: a quarter of the constructs' tests.
    const origins = join(dirname(require.resolve("cdktf")), "tokens", "private", "stack-trace.js");
    require(origins).captureStackTrace = () => [];
    this.global.requireShared = require;
  }
};
