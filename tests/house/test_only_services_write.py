"""Only `services.py` (or a package `services/`) writes to the database: read off the syntax trees.

A room with many verbs splits the file by subject into a package `services/`; nothing else writes.
"""

import ast
from pathlib import Path

import bihuan

PACKAGE = Path(bihuan.__file__).parent
WRITES = {
    "save",
    "create",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
    "delete",
}
# `update` is a word of dicts too: only on something that was filtered or is a manager.
QUERYSETS = {"filter", "exclude", "all", "objects"}
# These know no database (a contract holds that); their `delete` is one of arrays, their `save`
# one of workbooks.
WITHOUT_DATABASE = {"engines", "exchange", "offline"}


def writes_in(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name, value = node.func.attr, ast.unparse(node.func.value)
        on_rows = any(f".{word}" in value for word in QUERYSETS)
        if name in WRITES or (name == "update" and on_rows):
            found.append(f"{path.relative_to(PACKAGE)}:{node.lineno} {value}.{name}")
    return found


def may_write(path: Path) -> bool:
    """<room>/services.py, <room>/services/*.py and migrations."""
    room, *rest = path.relative_to(PACKAGE).parts
    place = tuple(rest)
    return (
        room in WITHOUT_DATABASE
        or (room == "cli" and place[0] in WITHOUT_DATABASE)
        or place == ("services.py",)
        or (len(place) == 2 and place[0] in ("services", "migrations"))
    )


def test_only_services_write():
    offenders = [
        place for path in PACKAGE.rglob("*.py") if not may_write(path) for place in writes_in(path)
    ]
    assert offenders == []


def test_no_other_place_may_write():
    for place in (
        "people/pages.py",
        "people/pages/services.py",
        "services.py",
        "a/b/services/c.py",
    ):
        assert not may_write(PACKAGE / place)
    assert may_write(PACKAGE / "people" / "services" / "units.py")


def test_the_search_would_find_a_write():
    assert writes_in(PACKAGE / "people" / "services" / "units.py")
