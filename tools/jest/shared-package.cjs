/** Jest's transformer of files of packages that all test files share: the module is what Node's own require gives. */
module.exports = {
  canInstrument: false,
  getCacheKey: (_source, path) => `shared ${path}`,
  process: (_source, path) => ({ code: `module.exports = globalThis.requireShared(${JSON.stringify(path)});` }),
};
