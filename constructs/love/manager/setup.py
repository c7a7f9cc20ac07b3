"""Brings LOVE's database to what the program of this image needs. It may run any number of times.

Without an argument it does everything; with `passwords` it only gives LOVE's own users the passwords of the Secret.
"""

import json
import os
import re
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, os.getcwd())
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "manager.settings")

import django

django.setup()

from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import OperationalError, connection

# Option of `createusers` and variable with the password, by user. It makes cmd_user, who may command, only where it gets
# that password; LOVE's own start does not give it, so whoever wants the user makes it.
CREATED = {"admin": ("--adminpass", "ADMIN_USER_PASS"), "user": ("--userpass", "USER_USER_PASS")}
BY_HAND = {"cmd_user": "CMD_USER_PASS"}
# Other control rooms whose users it makes. It repeats an option that it does not know, with the password.
ROOMS = ("base", "slac", "tucson")


def fail(text):
    sys.exit(f"setup: {text}")


def remote_users():
    """Users of other control rooms, for which the environment has passwords."""
    users = {}
    for variable in sorted(os.environ):
        found = re.fullmatch("REMOTE_(.+)_USER_PASS", variable)
        if found:
            room = found[1].lower()
            if room not in ROOMS:
                fail(f"love.remoteAccounts: got {room}. Allowed: {', '.join(ROOMS)}. Remove it.")
            users[f"{room}_control_room"] = (f"--remote{room}userpass", variable)
    return users


def wait_for_database():
    until = time.monotonic() + float(os.environ["PATIENCE"])
    while True:
        try:
            return connection.ensure_connection()
        except OperationalError as error:
            if time.monotonic() > until:
                fail(f"the database does not let {os.environ['DB_USER']} in at {os.environ['DB_HOST']}: {error}")
            time.sleep(2)


def set_passwords(variables):
    """`createusers` leaves the password of a user who is there."""
    for name, variable in variables.items():
        user = User.objects.filter(username=name).first()
        if user and not user.check_password(os.environ[variable]):
            user.set_password(os.environ[variable])
            user.save(update_fields=["password"])
            print(f"{name} gets another password, that of {variable}")


def fixture(app, prefix):
    site = os.environ["LOVE_SITE"]
    path = Path(app, "fixtures", f"{prefix}{site}.json")
    if not path.exists():
        names = [one.name[len(prefix) : -len(".json")] for one in path.parent.glob(f"{prefix}*.json")]
        fail(f"love.salSite: got {site}. Allowed: {', '.join(sorted(names))}, for which LOVE has data. Take one of these.")
    return path


def load(path, owner):
    """Loads rows of which the database has none: what users made, changed or kept stays as it is."""
    rows = json.loads(path.read_text())
    known = {name for name in {row["model"] for row in rows} if apps.get_model(name).objects.exists()}
    missing = [row for row in rows if row["model"] not in known]
    for row in missing:
        if "user" in row["fields"]:
            row["fields"]["user"] = owner.pk
    if missing:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, path.name)
            file.write_text(json.dumps(missing))
            call_command("loaddata", str(file))


def use_own_configuration():
    """LOVE's own configurations are at our nginx. Fixtures, and rows of another LOVE, name them at other hosts."""
    files = "|".join(map(re.escape, os.environ["CONFIGURATION_FILES"].split()))
    own = re.compile(rf"(?:|.*/media/)configs/({files})")
    ConfigFile = apps.get_model("api.configfile")
    for row in ConfigFile.objects.all():
        found = own.fullmatch(row.config_file.name)
        address = found and f"{os.environ['CONFIGURATION']}/{found[1]}"
        if address and address != row.config_file.name:
            print(f"{row.config_file.name} is now {address}")
            ConfigFile.objects.filter(pk=row.pk).update(config_file=address)


def main():
    created = {**CREATED, **remote_users()}
    passwords = {**{name: variable for name, (_, variable) in created.items()}, **BY_HAND}
    for variable in passwords.values():
        if not os.environ.get(variable, "").strip():
            fail(f"{variable} is empty: give its key of the Secret a value")
    fixtures = [fixture("api", "initial_data_remote_"), fixture("ui_framework", "initial_data_")]
    wait_for_database()
    if sys.argv[1:] == ["passwords"]:
        return set_passwords(passwords)
    call_command("migrate", interactive=False)
    call_command("createusers", *(f"{option}={os.environ[variable]}" for option, variable in created.values()))
    set_passwords(passwords)
    for path in fixtures:
        load(path, User.objects.get(username="admin"))
    use_own_configuration()
    print("LOVE's database is set up")


main()
