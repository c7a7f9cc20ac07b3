/**
 * The simulated external-secrets does to a Secret what the real one does. The cases are those of version 2.9.0:
 * `externalsecret_controller.go`, `externalsecret_controller_template.go`, and its page on the lifecycle of Secrets.
 */
import { generatedSecret } from "../../../../constructs/secrets/secret-source";
import { ApiError, type Cluster, type LiveObject } from "../../../../cli/shared/kubernetes/client";
import { type Json, mergePatch } from "./merge-patch";
import { ClusterView } from "../../../../e2e/rehearsal/operators/cluster-view";
import { SIMULATED_EXTERNAL_SECRETS } from "../../../../e2e/rehearsal/operators/external-secrets";

const SECRET = "/api/v1/namespaces/n/secrets/a";
const SELF = "/apis/external-secrets.io/v1/namespaces/n/externalsecrets/a";
const GENERATOR = "/apis/generators.external-secrets.io/v1alpha1/namespaces/n/passwords/a";
const FINALIZER = "externalsecrets.external-secrets.io/externalsecret-cleanup";
const base64 = (text: string) => Buffer.from(text).toString("base64");

/** An API server that is a map of paths; it keeps what is immutable. */
class Place {
  readonly objects = new Map<string, Json>([[GENERATOR, { spec: { secretKeys: ["password"] } }]]);
  private readonly view = new ClusterView({
    get: (path: string) => Promise.resolve(this.objects.get(path)),
    create: (path: string, body: Json & { metadata: { name: string } }) =>
      Promise.resolve(this.objects.set(`${path}/${body.metadata.name}`, body)),
    patch: (path: string, change: Json) => {
      const old = this.objects.get(path) ?? {};
      const changed = mergePatch(old, change);
      if (old["immutable"] === true && JSON.stringify(changed["data"]) !== JSON.stringify(old["data"]))
        return Promise.reject(new ApiError(422, "field is immutable"));
      return Promise.resolve(this.objects.set(path, changed));
    },
  } as unknown as Cluster);

  /** The ExternalSecret is made, of these policies. */
  make(target: Json, refreshPolicy = "CreatedOnce", dataFrom = true): void {
    const generatorRef = { kind: "Password", name: "a" };
    this.objects.set(SELF, {
      apiVersion: "external-secrets.io/v1",
      kind: "ExternalSecret",
      metadata: { name: "a", namespace: "n", uid: "u", generation: 1 },
      spec: {
        refreshPolicy,
        target: { name: "a", ...target },
        ...(dataFrom && { dataFrom: [{ sourceRef: { generatorRef } }] }),
      },
    });
  }

  /** What the operator says of it, recorded in its status. */
  async look(): Promise<string | undefined> {
    const kind = SIMULATED_EXTERNAL_SECRETS.kinds.find(([{ plural }]) => plural === "externalsecrets");
    const { missing, status } = (await kind?.[1](this.objects.get(SELF) as unknown as LiveObject, this.view)) ?? {};
    if (missing === undefined) this.objects.set(SELF, mergePatch(this.objects.get(SELF) ?? {}, { status }));
    return missing;
  }

  /** What the operator made up. */
  get values(): string[] {
    return this.view.values.map(({ value }) => value);
  }

  get secret(): LiveObject | undefined {
    return this.objects.get(SECRET) as unknown as LiveObject | undefined;
  }

  get password(): string | undefined {
    return this.secret?.data?.["password"];
  }
}

const POLICIES = ["Owner", "Orphan", "Merge", "CreateOrMerge"] as const;

describe("a Secret that is there when its ExternalSecret is made", () => {
  test.each(POLICIES)("%s overwrites the keys that the source gives, however seldom it refreshes", async (policy) => {
    const place = new Place();
    place.objects.set(SECRET, { metadata: { name: "a" }, data: { password: base64("old"), other: base64("mine") } });
    place.make({ creationPolicy: policy });
    expect(await place.look()).toBeUndefined();
    expect(place.password).not.toBe(base64("old"));
    const keeps = ["Merge", "CreateOrMerge"].includes(policy);
    expect(place.secret?.data?.["other"]).toBe(keeps ? base64("mine") : undefined);
  });

  test("an immutable target keeps its data, and becomes immutable", async () => {
    const place = new Place();
    place.objects.set(SECRET, { metadata: { name: "a" }, data: { password: base64("old") } });
    place.make({ creationPolicy: "Orphan", immutable: true });
    expect(await place.look()).toBeUndefined();
    expect(place.secret).toMatchObject({ immutable: true, data: { password: base64("old") } });
  });

  test("one that is immutable is not ready where its target is not", async () => {
    const place = new Place();
    place.objects.set(SECRET, { metadata: { name: "a" }, immutable: true, data: { password: base64("old") } });
    place.make({ creationPolicy: "Orphan" });
    expect(await place.look()).toBe("Secret n/a is immutable");
    expect(place.password).toBe(base64("old"));
  });

  test("one that another ExternalSecret owns is left alone", async () => {
    const place = new Place();
    const ownerReferences = [{ kind: "ExternalSecret", name: "b", controller: true }];
    place.objects.set(SECRET, { metadata: { name: "a", ownerReferences }, data: { password: base64("old") } });
    place.make({ creationPolicy: "Owner" });
    expect(await place.look()).toBe("Secret n/a is owned by ExternalSecret b");
  });

  test("None never touches it", async () => {
    const place = new Place();
    place.make({ creationPolicy: "None" });
    expect(await place.look()).toBeUndefined();
    expect(place.secret).toBeUndefined();
  });
});

describe("CreatedOnce", () => {
  test("syncs once for each ExternalSecret: what somebody changes in an orphan stays, and no key is added later", async () => {
    const place = new Place();
    place.make({ creationPolicy: "Orphan" });
    await place.look();
    place.objects.set(SECRET, { ...place.objects.get(SECRET), data: { password: base64("by hand") } });
    place.objects.set(GENERATOR, { spec: { secretKeys: ["password", "another"] } });
    await place.look();
    expect(place.secret?.data).toEqual({ password: base64("by hand") });
  });

  test("does not make an orphan again that somebody removed; an owned one it does", async () => {
    for (const [policy, again] of [
      ["Orphan", false],
      ["Owner", true],
    ] as const) {
      const place = new Place();
      place.make({ creationPolicy: policy });
      await place.look();
      place.objects.delete(SECRET);
      await place.look();
      expect(place.secret !== undefined).toBe(again);
    }
  });
});

test("Merge waits for somebody else to make the Secret", async () => {
  const place = new Place();
  place.make({ creationPolicy: "Merge" });
  expect(await place.look()).toBeUndefined();
  expect(place.secret).toBeUndefined();
});

test("a template that replaces leaves out what the source gives", async () => {
  const place = new Place();
  place.make({ creationPolicy: "Orphan", template: { mergePolicy: "Replace", data: { user: "efd" } } });
  await place.look();
  expect(place.secret?.data).toEqual({ user: base64("efd") });
});

test("Vault's account of a registry has the form that the API server asks of such a Secret", async () => {
  const place = new Place();
  place.objects.set("/apis/external-secrets.io/v1/clustersecretstores/vault", {
    status: { conditions: [{ type: "Ready", status: "True" }] },
  });
  place.make({ creationPolicy: "Owner" }, "Periodic", false);
  const key = ".dockerconfigjson";
  const data = [{ secretKey: key, remoteRef: { key: "pull-secret", property: key } }];
  const spec = { data, secretStoreRef: { kind: "ClusterSecretStore", name: "vault" } };
  place.objects.set(SELF, mergePatch(place.objects.get(SELF) ?? {}, { spec }));
  expect(await place.look()).toBeUndefined();
  const account = Buffer.from(place.secret?.data?.[key] ?? "", "base64").toString();
  expect(JSON.parse(account)).toEqual({
    auths: { "registry.invalid": { auth: expect.stringMatching(/^\w{48}$/) as string } },
  });
  expect(place.values).toEqual([account]);
});

test("OnChange syncs again when the ExternalSecret changed, and not before", async () => {
  const place = new Place();
  place.make({ creationPolicy: "Orphan" }, "OnChange");
  await place.look();
  const first = place.password;
  await place.look();
  expect(place.password).toBe(first);
  place.objects.set(SELF, mergePatch(place.objects.get(SELF) ?? {}, { metadata: { labels: { a: "b" } } }));
  await place.look();
  expect(place.password).not.toBe(first);
});

test("holds every ExternalSecret by its finalizer, and lets it go without its Secret", async () => {
  const place = new Place();
  place.make({ creationPolicy: "Orphan" });
  await place.look();
  expect(place.objects.get(SELF)?.["metadata"]).toMatchObject({ finalizers: [FINALIZER] });
  const [, , released] = SIMULATED_EXTERNAL_SECRETS.kinds.find(([{ plural }]) => plural === "externalsecrets") ?? [];
  const patch = jest.fn((_path: string, _change: Json) => Promise.resolve());
  await released?.(place.objects.get(SELF) as unknown as LiveObject, new ClusterView({ patch } as unknown as Cluster));
  expect(patch.mock.calls).toEqual([[SELF, { metadata: { finalizers: [] } }]]);
  expect(place.secret).toBeDefined();
});

test("our generated secret keeps its password where its ExternalSecret is made anew", async () => {
  const spec = {
    name: "a",
    description: "",
    keys: { user: { description: "", generated: "efd" }, password: { description: "" } },
  };
  const [, { spec: declared, metadata }] = generatedSecret(spec, "n");
  // Objects that outlive their operator hold up their namespace.
  expect(metadata.annotations).toBeUndefined();
  const place = new Place();
  const passwords = [];
  for (let made = 0; made < 2; made++) {
    place.make(declared.target, declared.refreshPolicy);
    expect(await place.look()).toBeUndefined();
    passwords.push(place.password);
  }
  expect(passwords[0]).toBeDefined();
  expect(passwords[1]).toBe(passwords[0]);
  expect(place.secret?.data?.["user"]).toBe(base64("efd"));
});
