import { TerraformStack, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import { ADDRESS, DOCKER_HOST, IMAGE, MAIL, type Expectation, type Pattern } from "../../ground/units";

/** A value that is not documented or must not be written down. The person who deploys gives it (`TF_VAR_<name>`). */
export interface InputSpec {
  /** Name of the Terraform variable. */
  readonly name: string;
  /** What it is, for the person who gives it. */
  readonly description: string;
  /** What it may look like; a rehearsal takes it, with a random text for `…`. */
  readonly example: string;
  /** @default - any text */
  readonly form?: Pattern;
  /** Whether it is kept out of plans, states and output. @default false */
  readonly secret?: boolean;
}

/** Every input that a site may have. A synthesis needs none of them. */
export const INPUTS = {
  dockerHost: {
    name: "docker_host",
    description: "Docker host of the k3s server, unix:///… or ssh://[user@]host[:port]",
    example: "ssh://host.example.org",
    form: DOCKER_HOST,
  },
  serverAddress: {
    name: "server_address",
    description: "address by which operators, agents and clients reach the k3s server, no loopback address",
    example: "192.0.2.1",
    form: ADDRESS,
  },
  stateBucket: {
    name: "state_bucket",
    description: "bucket of Google Cloud Storage that holds this site's Terraform states",
    example: "example-states",
  },
  vaultToken: {
    name: "vault_token",
    description: "Token with which external-secrets reads this site's secrets",
    example: "…",
    secret: true,
  },
  tlsChain: {
    name: "tls_chain",
    description: "certificate of all of the site's host names and the chain below it, PEM",
    example: "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n",
    form: {
      pattern: /^\s*-{5}BEGIN CERTIFICATE-{5}/,
      allowed: "PEM that begins with a certificate",
      remedy: "give the site's own first and the authority's last",
    },
    secret: true,
  },
  tlsKey: {
    name: "tls_key",
    description: "private key of the site's certificate, PKCS#8 as PEM and without password",
    example: "-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----\n",
    form: {
      // Kafka reads no other form.
      pattern: /^\s*-{5}BEGIN PRIVATE KEY-{5}/,
      allowed: "a private key in PKCS#8 as PEM without password (BEGIN PRIVATE KEY)",
      remedy: "convert it with openssl pkcs8 -topk8 -nocrypt -in key.pem -out key-pkcs8.pem",
    },
    secret: true,
  },
  connectImage: {
    name: "connect_image",
    description: "image of Kafka Connect with its plugins below /opt/kafka/plugins, with an exact tag or digest",
    example: "registry.example.org/kafka-connect:1.0.0",
    form: IMAGE,
  },
  nightReport: {
    name: "night_report",
    description: "address to which LOVE mails the night report",
    example: "night-report@example.org",
    form: MAIL,
  },
} as const satisfies Record<string, InputSpec>;

/** What an input may look like and what to do, as Terraform says it of another one. */
export function expectationOf({ allowed, remedy }: Expectation): string {
  return `allowed ${allowed}, ${remedy}`;
}

/**
 * Declares an input of the scope's stack, once, and returns the reference to it. The reference is text that {@link
 * literal} does not escape.
 */
export function input(scope: Construct, spec: InputSpec, description: string = spec.description): string {
  const stack = TerraformStack.of(scope);
  const { name, form, secret } = spec;
  if (!stack.node.tryFindChild(name)) {
    const variable = new TerraformVariable(stack, name, {
      type: "string",
      nullable: false,
      description,
      ...(secret ? { sensitive: true } : {}),
      ...(form
        ? {
            validation: [
              {
                condition: `\${can(regex(${JSON.stringify(form.pattern.source.replaceAll("\\/", "/"))}, var.${name}))}`,
                errorMessage: expectationOf(form),
              },
            ],
          }
        : {}),
    });
    // cdktf 0.21 knows no ephemeral variables.
    if (secret) variable.addOverride("ephemeral", true);
    variable.overrideLogicalId(name);
  }
  return `\${var.${name}}`;
}
