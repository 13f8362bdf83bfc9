"""复盘和发布的规则表：unit prices and settings, with their history."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.ledger.models import TableVersion
from bihuan.snow.rules.tables import TABLES


class EventTable(TableVersion):
    """扫雪除冰规则表：单价和设定的一版；改动另存新版，旧版永远可查。"""

    class Meta(TableVersion.Meta):
        verbose_name = _("扫雪除冰规则表")
        constraints = (
            models.UniqueConstraint(fields=["code", "version"], name="snow_eventtable_version"),
            models.CheckConstraint(condition=~Q(source=""), name="snow_eventtable_source"),
        )

    def __str__(self) -> str:
        return f"{TABLES[self.code].name} {self.version}"
