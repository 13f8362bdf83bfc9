"""Only `services.py` writes to the database: held by reading the syntax trees."""

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


def test_only_services_write():
    offenders = [
        place
        for path in PACKAGE.rglob("*.py")
        if path.name not in ("services.py",) and "migrations" not in path.parts
        for place in writes_in(path)
    ]
    assert offenders == []


def test_the_search_would_find_a_write():
    assert writes_in(PACKAGE / "ledger" / "services.py")
