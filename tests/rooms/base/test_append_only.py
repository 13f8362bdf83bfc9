"""Tables that only grow: the guard is in the database, not in the program."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from bihuan.base.models import AppendOnly, guards_missing

TABLE = "growing"


@pytest.fixture
def growing(db):
    """A table with one row, guarded."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {TABLE} (id INTEGER PRIMARY KEY, word TEXT)")
        cursor.execute(f"INSERT INTO {TABLE} VALUES (1, 'old')")
        for statement in statements("_guard"):
            cursor.execute(statement)


def statements(step: str) -> list[str]:
    """What the migration step would run: recorded, since a schema editor may not open here."""

    class Editor:
        def __init__(self) -> None:
            self.connection, self.said = connection, []

        def execute(self, statement, params=None):
            self.said.append(statement)

    editor = Editor()
    getattr(AppendOnly(TABLE), step)(apps, editor)
    return [statement.replace("%%", "%") for statement in editor.said]


def refused(statement: str) -> bool:
    try:
        with transaction.atomic():
            connection.cursor().execute(statement)
    except DatabaseError as fault:
        return "append-only" in str(fault)
    return False


def test_rows_are_added_and_neither_changed_nor_deleted(growing):
    assert not refused(f"INSERT INTO {TABLE} VALUES (2, 'new')")
    assert refused(f"UPDATE {TABLE} SET word = 'other'")
    assert refused(f"DELETE FROM {TABLE} WHERE id = 2")


def test_the_guard_can_be_lifted_by_a_migration_that_goes_back(growing):
    for statement in statements("_unguard"):
        connection.cursor().execute(statement)
    assert not refused(f"UPDATE {TABLE} SET word = 'other'")


def test_a_migration_that_guards_can_be_written_down_again():
    name, arguments, options = AppendOnly(TABLE).deconstruct()
    assert (name, arguments, options) == ("AppendOnly", [TABLE], {})
    assert AppendOnly(TABLE).reversible


def test_every_table_that_only_grows_has_its_guards(db):
    assert guards_missing(connection) == []
