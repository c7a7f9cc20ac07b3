import {
  describeDiagnostic,
  describeInitFailure,
  onlyProvidersMissing,
  parseEvent,
} from "../../../../cli/shared/terraform/messages";

const UNREACHABLE = `
Error: Failed to query available provider packages

Could not retrieve the list of available versions for provider
hashicorp/google: could not connect to registry.example.org: failed to
request discovery document: no such host

To see which modules are currently depending on hashicorp/google and what
versions are specified, run the following command:
    terraform providers

Error: Failed to query available provider packages

Could not retrieve the list of available versions for provider
kreuzwerker/docker: no available releases match the given constraints 9.9.9

To see which modules are currently depending on kreuzwerker/docker and what
versions are specified, run the following command:
    terraform providers
`;

test("each provider that cannot be had is one line that names it", () => {
  expect(describeInitFailure(UNREACHABLE)).toEqual([
    expect.stringMatching(
      /^provider hashicorp\/google is not available: could not connect to registry\.example\.org: .*no such host; let Terraform/,
    ),
    expect.stringMatching(
      /^provider kreuzwerker\/docker is not available: no available releases match the given constraints 9\.9\.9; let/,
    ),
  ]);
});

test("providers that cannot be had are told from what is wrong", () => {
  expect(onlyProvidersMissing(describeInitFailure(UNREACHABLE))).toBe(true);
  expect(onlyProvidersMissing(describeInitFailure(`${UNREACHABLE}\nError: Odd\n\nthing\n`))).toBe(false);
  expect(onlyProvidersMissing([])).toBe(false);
});

test("missing credentials of Google say how to give them", () => {
  const text = "Error: storage.NewClient() failed: dialing: google: could not find default credentials. See x";
  expect(describeInitFailure(text)).toEqual([expect.stringMatching(/gcloud auth application-default login/)]);
});

test("a provider that cannot be installed is named too, in colours and frames", () => {
  const text =
    "\u001b[31m╷\u001b[0m\n│ \u001b[1mError: \u001b[0mFailed to install provider\n│ \n│ Error while installing hashicorp/helm v3.1.1: checksum mismatch\n╵";
  expect(describeInitFailure(text)).toEqual([expect.stringMatching(/hashicorp\/helm.*checksum mismatch/)]);
});

test("missing credentials of the state's bucket say how to give them", () => {
  expect(
    describeInitFailure("Error: No valid credential sources found\n\nPlease see x.\n\nError: failed to refresh\n"),
  ).toEqual([expect.stringMatching(/AWS_PROFILE/)]);
});

test("a moved state is never taken for an empty one", () => {
  expect(describeInitFailure("Error: Backend configuration changed\n\nA change …")).toEqual([
    expect.stringMatching(/-migrate-state/),
  ]);
});

test("whatever else Terraform says is kept", () => {
  expect(describeInitFailure("Error: Odd\n\nthing\n")).toEqual(["Odd thing"]);
  expect(describeInitFailure("no word of errors")).toEqual(["no word of errors"]);
});

test("a diagnostic has its address and, where it is known, a remedy", () => {
  expect(
    describeDiagnostic({
      severity: "error",
      summary: "installation failed",
      detail: "cannot re-use a name that is\nstill in use",
      address: "helm_release.a",
    }),
  ).toMatch(/^helm_release\.a: installation failed: cannot re-use a name that is still in use \(.*npm run deploy/);
  expect(describeDiagnostic({ severity: "error", summary: "Odd" })).toBe("Odd");
});

test("lines that are no events are passed over", () => {
  expect(parseEvent("text")).toBeUndefined();
  expect(parseEvent("{broken")).toBeUndefined();
  expect(parseEvent('{"a":1}')).toBeUndefined();
  expect(parseEvent('{"type":"version"}')).toEqual({ type: "version" });
});
