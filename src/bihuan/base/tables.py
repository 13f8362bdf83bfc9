"""The tables of an empty database, made in one go.

A chain of first migrations draws every model anew at each of its steps, which takes ever longer
with the number of rooms. An empty database needs none of the steps in between: it gets the tables
as the models have them, the guards of those that only grow, and a record that the migrations are
done. A test holds both ways to the same result.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from bihuan.base.models import AppendOnly


def is_empty() -> bool:
    """Is there no table at all?"""
    return not connection.introspection.table_names()


def build() -> None:
    """Make every table, guard those that only grow, note the migrations as done."""
    with _migrations({config.label: None for config in apps.get_app_configs()}):
        call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    finish()


def finish() -> None:
    """What tables from models still lack: their guards, and the note that migrations are done."""
    guard()
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    with _migrations({}):
        for app, name in MigrationExecutor(connection).loader.graph.nodes:
            recorder.record_applied(app, name)


def guard() -> None:
    """The triggers that refuse change and removal, on every table that only grows."""
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            if getattr(model, "append_only", False):
                AppendOnly(model._meta.db_table).guard(editor)


@contextmanager
def _migrations(modules: dict[str, None]) -> Iterator[None]:
    """Where Django looks for migrations inside this block; None says that an app has none, so
    that its tables are made from its models."""
    before = settings.MIGRATION_MODULES
    settings.MIGRATION_MODULES = modules
    try:
        yield
    finally:
        settings.MIGRATION_MODULES = before
