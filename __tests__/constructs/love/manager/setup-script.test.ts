/** The script that sets LOVE's database up, against a Django of a few lines. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SCRIPT = join(__dirname, "..", "..", "..", "..", "constructs", "love", "manager", "setup.py");

/** What the script asks of Django, on a database that is a file. `createusers` does what LOVE's does. */
const DJANGO = String.raw`
import json, os, sys
from types import ModuleType, SimpleNamespace
FILE = os.environ["STATE"]
state = json.load(open(FILE))
def save(): json.dump(state, open(FILE, "w"))
def setup(): pass
def module(name, **content):
    sys.modules[name] = ModuleType(name)
    sys.modules[name].__dict__.update(content)
class Row:
    def __init__(self, row): self.row, self.pk = row, row["pk"]
    def __getattr__(self, name):
        value = self.row["fields"][name]
        return SimpleNamespace(name=value) if name == "config_file" else value
    def check_password(self, password): return self.row["fields"]["password"] == password
    def set_password(self, password): self.row["fields"]["password"] = password
    def save(self, update_fields): save()
class Rows:
    def __init__(self, model, rows): self.model, self.rows = model, rows
    def all(self): return [Row(row) for row in self.rows]
    def exists(self): return bool(self.rows)
    def first(self): return self.all()[0] if self.rows else None
    def filter(self, pk=None, username=None):
        return Rows(self.model, [r for r in self.rows if pk in (None, r["pk"]) and username in (None, r["fields"].get("username"))])
    def get(self, **wanted): return self.filter(**wanted).all()[0]
    def update(self, **fields):
        for row in self.rows: row["fields"].update(fields)
        save()
def get_model(name):
    return SimpleNamespace(objects=Rows(name, state["tables"].setdefault(name, [])))
class OperationalError(Exception): pass
def ensure_connection():
    if state["away"]:
        state["away"] -= 1
        raise OperationalError("nobody there")
def call_command(name, *words, **options):
    state["calls"].append(name)
    if name == "createusers":
        users = state["tables"].setdefault("auth.user", [])
        for word in words:
            option, password = word.split("=", 1)
            user = {"--adminpass": "admin", "--userpass": "user", "--remotebaseuserpass": "base_control_room"}[option]
            if not any(u["fields"]["username"] == user for u in users):
                users.append({"pk": 40 + len(users), "fields": {"username": user, "password": password}})
    if name == "loaddata":
        for row in json.load(open(words[0])): state["tables"].setdefault(row["model"], []).append(row)
    save()
class User:
    objects = property(lambda self: get_model("auth.user").objects)
module("django.apps", apps=SimpleNamespace(get_model=get_model))
module("django.contrib"), module("django.contrib.auth"), module("django.contrib.auth.models", User=User())
module("django.core"), module("django.core.management", call_command=call_command)
module("django.db", OperationalError=OperationalError, connection=SimpleNamespace(ensure_connection=ensure_connection))
`;

interface Row {
  readonly model: string;
  readonly pk: number;
  readonly fields: Readonly<Record<string, unknown>>;
}
interface State {
  readonly away: number;
  readonly calls: string[];
  readonly tables: Record<string, { pk: number; fields: Record<string, unknown> }[]>;
}

const configFile = (pk: number, address: string): Row => ({
  model: "api.configfile",
  pk,
  fields: { user: 1, file_name: "a", config_file: address },
});
const OTHER = "https://summit-lsp.lsst.codes/love";
/** What the image has for a site: as LOVE-manager's, of the Summit and of the base in one. */
const API: Row[] = [
  configFile(1, `${OTHER}/media/configs/default.json`),
  configFile(2, `${OTHER}/manager/media/configs/no-alarms.json`),
  { model: "api.imagetag", pk: 1, fields: { key: "a" } },
];
const VIEWS: Row[] = [{ model: "ui_framework.view", pk: 31, fields: { name: "Weather" } }];
const CONFIGURATION = "http://love-nginx-service/love/media/configs";
const PASSWORDS = { ADMIN_USER_PASS: "a$1", USER_USER_PASS: "u 1", CMD_USER_PASS: "c1" };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "love-setup-"));
  mkdirSync(join(folder, "django"));
  writeFileSync(join(folder, "django", "__init__.py"), DJANGO);
  for (const [app, name, rows] of [
    ["api", "initial_data_remote_", API],
    ["ui_framework", "initial_data_", VIEWS],
  ] as const) {
    mkdirSync(join(folder, app, "fixtures"), { recursive: true });
    for (const site of ["summit", "base"])
      writeFileSync(join(folder, app, "fixtures", `${name}${site}.json`), JSON.stringify(rows));
  }
  write({ away: 0, calls: [], tables: {} });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const write = (state: State) => {
  writeFileSync(join(folder, "state.json"), JSON.stringify(state));
};
const state = () => JSON.parse(readFileSync(join(folder, "state.json"), "utf8")) as State;
const table = (name: string) => state().tables[name] ?? [];
const passwords = () =>
  Object.fromEntries(table("auth.user").map(({ fields }) => [String(fields["username"]), fields["password"]]));
const addresses = () => table("api.configfile").map(({ fields }) => fields["config_file"]);

function run(variables: Readonly<Record<string, string>> = {}, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync("python3", [SCRIPT, ...args], {
    cwd: folder,
    encoding: "utf8",
    env: {
      ...{ PATH: process.env["PATH"] ?? "", STATE: join(folder, "state.json"), LOVE_SITE: "summit", PATIENCE: "0" },
      ...{ DB_USER: "love", DB_HOST: "db.example.org", CONFIGURATION, PYTHONDONTWRITEBYTECODE: "1" },
      CONFIGURATION_FILES: "default.json serious-alarms.json no-alarms.json",
      ...PASSWORDS,
      ...variables,
    },
  });
  return { status, stdout, stderr };
}

test("an empty database gets migrations, users and first data, which belong to admin", () => {
  expect(run()).toMatchObject({ status: 0, stderr: "" });
  expect(state().calls).toEqual(["migrate", "createusers", "loaddata", "loaddata"]);
  expect(passwords()).toEqual({ admin: "a$1", user: "u 1" });
  expect(table("ui_framework.view")).toMatchObject([{ pk: 31 }]);
  expect(table("api.configfile").map(({ fields }) => fields["user"])).toEqual([40, 40]);
});

test("fixtures name other hosts; LOVE's own configurations are ours", () => {
  run();
  expect(addresses()).toEqual([`${CONFIGURATION}/default.json`, `${CONFIGURATION}/no-alarms.json`]);
});

test("a second run changes nothing that a user has made, changed or removed", () => {
  run();
  const before = state();
  const mine = "https://s3.example.org/rubinobs-lfa-cp/LOVE/configs/default.json";
  write({
    ...before,
    calls: [],
    tables: {
      ...before.tables,
      "api.configfile": [...table("api.configfile"), { pk: 3, fields: { config_file: mine } }],
      "ui_framework.view": [{ pk: 99, fields: { name: "Mine" } }],
    },
  });
  expect(run().status).toBe(0);
  expect(state().calls).toEqual(["migrate", "createusers"]);
  expect(table("ui_framework.view")).toEqual([{ pk: 99, fields: { name: "Mine" } }]);
  expect(addresses()).toEqual([`${CONFIGURATION}/default.json`, `${CONFIGURATION}/no-alarms.json`, mine]);
});

test("a table that a new release brings is filled, and the others are left alone", () => {
  run();
  const { tables, ...rest } = state();
  write({ ...rest, tables: { ...tables, "api.imagetag": [] } });
  run();
  expect(table("api.imagetag")).toHaveLength(1);
  expect(table("api.configfile")).toHaveLength(2);
});

test("rows of another LOVE on the same database, and of files in a pod, name our configurations", () => {
  const rows = [`${OTHER}/media/configs/default.json`, "configs/serious-alarms.json", "configs/of-a-user.json"];
  write({ ...state(), tables: { "api.configfile": rows.map((one, i) => ({ pk: i, fields: { config_file: one } })) } });
  run();
  expect(addresses()).toEqual([
    ...[`${CONFIGURATION}/default.json`, `${CONFIGURATION}/serious-alarms.json`, "configs/of-a-user.json"],
  ]);
});

test("users get the passwords of the Secret, also cmd_user where somebody has made it", () => {
  run({ REMOTE_BASE_USER_PASS: "b1" });
  const { tables, ...rest } = state();
  const users = [...(tables["auth.user"] ?? []), { pk: 9, fields: { username: "cmd_user", password: "old" } }];
  write({ ...rest, calls: [], tables: { ...tables, "auth.user": users } });
  const changed = { ADMIN_USER_PASS: "-a=2", REMOTE_BASE_USER_PASS: "b2" };
  const { stdout } = run(changed, "passwords");
  expect(passwords()).toEqual({ admin: "-a=2", user: "u 1", base_control_room: "b2", cmd_user: "c1" });
  expect(stdout.split("\n").sort().join("\n").trim()).toBe(
    [
      "admin gets another password, that of ADMIN_USER_PASS",
      "base_control_room gets another password, that of REMOTE_BASE_USER_PASS",
      "cmd_user gets another password, that of CMD_USER_PASS",
    ].join("\n"),
  );
  expect(state().calls).toEqual([]);
  expect(run(changed, "passwords").stdout).toBe("");
});

test("it waits for a database that does not answer yet, and says which one does not", () => {
  write({ ...state(), away: 1 });
  expect(run({ PATIENCE: "600" }).status).toBe(0);
  write({ ...state(), away: 9 });
  expect(run()).toMatchObject({
    status: 1,
    stderr: "setup: the database does not let love in at db.example.org: nobody there\n",
  });
});

test("a password that is empty, a control room and a site that the image does not know are refused before anything is done", () => {
  expect(run({ ADMIN_USER_PASS: " " })).toMatchObject({
    status: 1,
    stderr: "setup: ADMIN_USER_PASS is empty: give its key of the Secret a value\n",
  });
  expect(run({ REMOTE_MOON_USER_PASS: "m1" })).toMatchObject({
    status: 1,
    stderr: "setup: love.remoteAccounts: got moon. Allowed: base, slac, tucson. Remove it.\n",
  });
  expect(run({ LOVE_SITE: "nowhere" })).toMatchObject({
    status: 1,
    stderr: "setup: love.salSite: got nowhere. Allowed: base, summit, for which LOVE has data. Take one of these.\n",
  });
  expect(state()).toEqual({ away: 0, calls: [], tables: {} });
});
