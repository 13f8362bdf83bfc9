"""`Record`, the mother of every stored noun, and tables that only grow."""

from typing import Any, ClassVar

from django.apps import apps as installed
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.base import clock


class Record(models.Model):
    """记录：每一条入库信息都有登记时间。

    A noun whose rows must never change says `append_only = True` and gets its triggers by an
    `AppendOnly` step in its migrations.
    """

    append_only: ClassVar[bool] = False

    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True


class Named(models.Model):
    """A Chinese name, and an English one where there is one."""

    name = models.CharField(_("名称"), max_length=200)
    name_en = models.CharField(_("英文名称"), max_length=300, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def label(self) -> str:
        """The name in the reader's language, where there is one."""
        return self.name_en if self.name_en and get_language() == "en" else self.name


class AppendOnly(migrations.RunPython):
    """只增不改：由数据库触发器拒绝修改和删除，程序出错也改不了。

    Both databases refuse UPDATE and DELETE on the table; PostgreSQL also refuses TRUNCATE. SQLite
    drops triggers when a later migration rebuilds the table, so such a migration must end with
    this operation again; `guards_missing` tells when somebody forgot.
    """

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(self._guard, self._unguard)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, [self.table], {}

    def guard(self, editor: BaseDatabaseSchemaEditor) -> None:
        """Put the triggers on the table; where a rebuilt table has kept them, in their place."""
        vendor = editor.connection.vendor
        for statement in (*_UNGUARD[vendor], *_GUARD[vendor]):
            editor.execute(statement % {"table": self.table}, params=None)

    def _guard(self, apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        self.guard(editor)

    def _unguard(self, apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in _UNGUARD[editor.connection.vendor]:
            editor.execute(statement % {"table": self.table}, params=None)


_GUARD = {
    "sqlite": [
        "CREATE TRIGGER %(table)s_no_update BEFORE UPDATE ON %(table)s "
        "BEGIN SELECT RAISE(ABORT, 'append-only table: %(table)s'); END",
        "CREATE TRIGGER %(table)s_no_delete BEFORE DELETE ON %(table)s "
        "BEGIN SELECT RAISE(ABORT, 'append-only table: %(table)s'); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION bihuan_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'append-only table: %%', TG_TABLE_NAME "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE TRIGGER %(table)s_no_update BEFORE UPDATE OR DELETE ON %(table)s "
        "FOR EACH ROW EXECUTE FUNCTION bihuan_append_only()",
        "CREATE TRIGGER %(table)s_no_delete BEFORE TRUNCATE ON %(table)s "
        "FOR EACH STATEMENT EXECUTE FUNCTION bihuan_append_only()",
    ],
}
_UNGUARD = {
    vendor: [
        f"DROP TRIGGER IF EXISTS %(table)s_no_update{suffix}",
        f"DROP TRIGGER IF EXISTS %(table)s_no_delete{suffix}",
    ]
    for vendor, suffix in (("sqlite", ""), ("postgresql", " ON %(table)s"))
}


def guards_missing(connection: Any) -> list[str]:
    """Append-only tables whose triggers are not in the database (should be none)."""
    source = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(source)
        found = {name for (name,) in cursor.fetchall()}
    tables = [m._meta.db_table for m in installed.get_models() if getattr(m, "append_only", False)]
    return sorted(
        table for table in tables if not {f"{table}_no_update", f"{table}_no_delete"} <= found
    )
