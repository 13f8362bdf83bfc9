"""The short way to an empty database's tables comes to what the migrations come to."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

MAKE = """
import json, re, sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from bihuan.base import tables
from bihuan.base.models import guards_missing
if sys.argv[1] == "build":
    tables.build()
else:
    call_command("migrate", verbosity=0, interactive=False)
told = {"guards missing": guards_missing(connection)}
with connection.cursor() as cursor:
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    told["applied"] = cursor.fetchall()
    cursor.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
    for kind, name, table, sql in cursor.fetchall():
        if kind == "table" and not name.startswith("sqlite_"):
            cursor.execute(f"PRAGMA table_info({name})")
            columns = sorted(row[1:] for row in cursor.fetchall())
            cursor.execute(f"PRAGMA foreign_key_list({name})")
            keys = sorted(row[2:] for row in cursor.fetchall())
            checks = sorted(re.findall(r'CONSTRAINT "([^"]+)"', sql))
            told[name] = [columns, keys, checks]
        elif sql:
            told[f"{kind} {table} {name}"] = sql
print(json.dumps(told, sort_keys=True))
"""


def _made(way: str, folder: Path) -> dict[str, Any]:
    settings = {"BIHUAN_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "bihuan.site.settings"}
    kept = {k: v for k, v in os.environ.items() if k != "BIHUAN_DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-c", MAKE, way],
        env=kept | settings,
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


def test_both_ways_make_the_same_tables(tmp_path):
    built, migrated = _made("build", tmp_path / "built"), _made("migrate", tmp_path / "migrated")
    assert set(built) == set(migrated)
    assert {k: v for k, v in built.items() if migrated[k] != v} == {}
    assert built["guards missing"] == []
    assert len(built["applied"]) > 20
