"""An office that had checks of shop fronts before an update keeps them, and can write new ones."""

import json
import os
import subprocess
import sys

UPDATE = """
import json
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from bihuan.base import tables
from bihuan.base.models import guards_missing

CHECK = "(front_id, at, missed, note, urged_until, created_at"
NEW = "(1, '2026-01-21 07:00', '[]', '', {}, '2026-01-21 07:00'"
NOON = "'2026-01-21 12:00'"

def run(sql):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")  # rows of other rooms are not needed
        try:
            cursor.execute(sql)
            return cursor.fetchall()
        except Exception as fault:
            return str(fault)

tables.build()
call_command("migrate", "winter", "0002", verbosity=0)  # back to what the version before had
run(f"INSERT INTO winter_frontcheck {CHECK}, ok) VALUES {NEW.format('NULL')}, 1)")
run(f"INSERT INTO winter_frontcheck {CHECK}, ok) VALUES {NEW.format(NOON)}, 0)")
before = run("SELECT id, urged_until FROM winter_frontcheck ORDER BY id")
run("PRAGMA foreign_keys = ON")
connection.check_constraints = lambda table_names=None: None  # of those rows nothing else is there
call_command("migrate", "winter", verbosity=0)
told = {
    "before": before,
    "kept": run("SELECT id, urged_until FROM winter_frontcheck ORDER BY id"),
    "new": run(f"INSERT INTO winter_frontcheck {CHECK}) VALUES {NEW.format('NULL')})"),
    "changed": run("UPDATE winter_frontcheck SET note = 'x'"),
    "deleted": run("DELETE FROM winter_frontcheck"),
    "missing": guards_missing(connection),
}
print(json.dumps(told, default=str))
"""


def test_checks_of_the_version_before_are_kept_and_none_can_be_changed(tmp_path):
    settings = {"BIHUAN_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "bihuan.site.settings"}
    kept = {name: value for name, value in os.environ.items() if name != "BIHUAN_DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-c", UPDATE], env=kept | settings, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert len(told["before"]) == 2
    assert told["kept"] == told["before"]
    assert told["new"] == []
    assert "append-only" in told["changed"]
    assert "append-only" in told["deleted"]
    assert told["missing"] == []
