/** A state of Google's resources that nobody applied: what the provider plans, and made up what Google would add. */
import type { EditableJson } from "./case";

/** Resources of a plan, `planned_values` of `terraform show -json`. */
export interface Planned {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly provider_name: string;
  readonly schema_version: number;
  /** Without what is known after the apply only. */
  readonly values: EditableJson;
  /** `true` in place of each value that is sensitive. */
  readonly sensitive_values: EditableJson;
}

/** What Google would add to each type, in an order in which nothing refers to a later one. */
const ADDED: Readonly<Record<string, (body: EditableJson) => void>> = {
  google_compute_network: (body) => {
    body.id = `projects/${body.project}/global/networks/${body.name}`;
  },
  google_service_account: (body) => {
    body.id = body.name = `projects/${body.project}/serviceAccounts/${body.email}`;
    body.unique_id = "100000000000000000000";
  },
  google_project_iam_member: (body) => {
    body.id = `${body.project}/${body.role}/${body.member}`;
    body.etag = "BwAAAAAAAAA=";
  },
  google_compute_subnetwork: (body) => {
    body.id = `projects/${body.project}/regions/${body.region}/subnetworks/${body.name}`;
  },
  google_container_cluster: (body) => {
    // Its network is the only one of its attributes that says in which project it is.
    body.project = /^projects\/([^/]+)/.exec(String(body.network))?.[1];
    body.id = `projects/${body.project}/locations/${body.location}/clusters/${body.name}`;
    body.node_locations = [];
    body.endpoint = "192.0.2.1";
    body.master_version = body.node_version = "1.33.5-gke.1000000";
    body.master_auth[0].cluster_ca_certificate = Buffer.from("an authority").toString("base64");
  },
  google_container_node_pool: (body) => {
    body.id = `${body.cluster}/nodePools/${body.name}`;
    body.version = "1.33.5-gke.1000000";
    body.node_locations = [body.location];
    body.instance_group_urls = body.managed_instance_group_urls = [];
    body.initial_node_count = body.node_count;
  },
  local_sensitive_file: (body) => {
    body.id = "0".repeat(40);
  },
};

/** Types of the state, in that order. */
export const ADDED_TYPES = Object.keys(ADDED);

/** A step from a body to what is in it, as a state writes it. */
type Step =
  | { readonly type: "get_attr"; readonly value: string }
  | { readonly type: "index"; readonly value: { readonly value: number; readonly type: "number" } };

/** Where a body is sensitive: Terraform plans an update of what its state does not know to be. */
function sensitivePaths(mask: unknown, path: readonly Step[] = []): Step[][] {
  if (mask === true) return [[...path]];
  if (Array.isArray(mask))
    return mask.flatMap((one, i) =>
      sensitivePaths(one, [...path, { type: "index", value: { value: i, type: "number" } }]),
    );
  return Object.entries(mask ?? {}).flatMap(([key, one]) =>
    sensitivePaths(one, [...path, { type: "get_attr", value: key }]),
  );
}

/** A state of these resources. */
export function madeUpState(resources: readonly Planned[]): EditableJson {
  return {
    version: 4,
    serial: 1,
    lineage: "00000000-0000-0000-0000-000000000000",
    outputs: {},
    resources: resources.map(
      ({ type, name, provider_name: provider, schema_version, values, sensitive_values: mask }) => {
        const attributes = structuredClone(values);
        ADDED[type]?.(attributes);
        return {
          mode: "managed",
          type,
          name,
          provider: `provider["${provider}"]`,
          instances: [{ schema_version, attributes, sensitive_attributes: sensitivePaths(mask) }],
        };
      },
    ),
  };
}
