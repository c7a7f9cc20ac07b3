import { redirectingTerraform, redirectingVariables } from "../../../../cli/shared/process/redirecting";

test.each([
  "KUBECONFIG KUBE_HOST KUBE_CONFIG_PATH KUBE_TOKEN KUBERNETES_MASTER",
  "HELM_NAMESPACE HELM_DRIVER HELM_KUBEAPISERVER",
  "DOCKER_HOST DOCKER_CONTEXT DOCKER_TLS_VERIFY DOCKER_CERT_PATH DOCKER_CA_MATERIAL DOCKER_DEFAULT_PLATFORM",
  "AWS_ENDPOINT_URL AWS_ENDPOINT_URL_S3 AWS_ENDPOINT_URL_STS AWS_S3_ENDPOINT AWS_STS_ENDPOINT AWS_IAM_ENDPOINT",
  "AWS_EC2_METADATA_SERVICE_ENDPOINT AWS_METADATA_URL",
  "GOOGLE_CONTAINER_CUSTOM_ENDPOINT GOOGLE_STORAGE_CUSTOM_ENDPOINT GOOGLE_CLOUD_UNIVERSE_DOMAIN STORAGE_EMULATOR_HOST",
  "CLOUDSDK_API_ENDPOINT_OVERRIDES_CONTAINER CLOUDSDK_PROXY_ADDRESS GCE_METADATA_HOST",
  "PGHOST PGHOSTADDR PGPORT PGDATABASE PGSERVICE PGOPTIONS PGSSLMODE PG_SCHEMA_NAME",
  "TF_WORKSPACE TF_DATA_DIR TF_CLI_ARGS TF_CLI_ARGS_plan TF_REATTACH_PROVIDERS TF_HTTP_ADDRESS",
  "HTTPS_PROXY https_proxy HTTP_PROXY http_proxy ALL_PROXY all_proxy",
  "SSLKEYLOGFILE",
])("%s", (names) => {
  const all = names.split(" ");
  expect(redirectingVariables(Object.fromEntries(all.map((name) => [name, "x"])))).toEqual([...all].sort());
});

test("accounts, caches, trust, inputs and what is empty are left alone", () => {
  const names = ["PATH", "HOME", "AWS_PROFILE", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_CONFIG_FILE", "PG_CONN_STR"];
  const more = [
    "PGPASSWORD",
    "GOOGLE_CREDENTIALS",
    "TF_VAR_kube",
    "TF_PLUGIN_CACHE_DIR",
    "TF_LOG",
    "SSL_CERT_FILE",
    "AWS_USE_FIPS_ENDPOINT",
  ];
  const env = Object.fromEntries(
    [...names, ...more, "NODE_EXTRA_CA_CERTS", "DOCKER_CONFIG"].map((name) => [name, "x"]),
  );
  expect(redirectingVariables({ ...env, KUBECONFIG: "", NO_PROXY: "x", NODE_TLS_REJECT_UNAUTHORIZED: "1" })).toEqual(
    [],
  );
});

test("a proxy that nothing goes through, and Node that verifies nothing", () => {
  expect(redirectingVariables({ HTTPS_PROXY: "x", NO_PROXY: "*" })).toEqual([]);
  expect(redirectingVariables({ HTTPS_PROXY: "x", NO_PROXY: "example.org" })).toEqual(["HTTPS_PROXY"]);
  expect(redirectingVariables({ NODE_TLS_REJECT_UNAUTHORIZED: "0" })).toEqual(["NODE_TLS_REJECT_UNAUTHORIZED"]);
});

test("settings of Terraform may name a mirror of providers, and no provider of somebody's own", () => {
  const mirror = 'provider_installation {\n  filesystem_mirror {\n    path = "/data/mirror/providers"\n  }\n}\n';
  const own = 'provider_installation {\n  dev_overrides {\n    "hashicorp/helm" = "/home/me/helm"\n  }\n}\n';
  expect(redirectingVariables({ TF_CLI_CONFIG_FILE: "f" }, () => mirror)).toEqual([]);
  expect(redirectingVariables({ TF_CLI_CONFIG_FILE: "f" }, () => own)).toEqual(["TF_CLI_CONFIG_FILE"]);
  expect(redirectingVariables({ TERRAFORM_CONFIG: "f" }, () => own)).toEqual(["TERRAFORM_CONFIG"]);
});

test("a validation asks for nothing but Terraform", () => {
  expect(redirectingTerraform({ TF_DATA_DIR: "x", KUBECONFIG: "x", HTTPS_PROXY: "x" })).toEqual(["TF_DATA_DIR"]);
});
