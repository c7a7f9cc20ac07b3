import { cleanEnvironment } from "../../../e2e/rehearsal/isolation";

test("a rehearsal's Terraform is led nowhere", () => {
  const kept = { PATH: "p", HOME: "h", HTTPS_PROXY: "x", TF_CLI_CONFIG_FILE: "f", TF_PLUGIN_CACHE_DIR: "c" };
  const dropped = [
    "KUBECONFIG",
    "KUBE_HOST",
    "DOCKER_HOST",
    "HELM_NAMESPACE",
    "AWS_PROFILE",
    "GOOGLE_CREDENTIALS",
    "CLOUDSDK_CONFIG",
    "PG_CONN_STR",
    "PG_CONN_STR",
    "VAULT_TOKEN",
  ];
  const terraform = [
    "TF_VAR_a",
    "TF_WORKSPACE",
    "TF_DATA_DIR",
    "TF_CLI_ARGS_apply",
    "TF_REATTACH_PROVIDERS",
    "STORAGE_EMULATOR_HOST",
  ];
  const env = { ...kept, ...Object.fromEntries([...dropped, ...terraform].map((name) => [name, "x"])) };
  expect(cleanEnvironment(env)).toEqual(kept);
});
