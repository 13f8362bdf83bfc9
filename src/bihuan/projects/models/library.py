"""What the office edits for all projects: rule tables, and the library of preliminary steps."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices, post
from bihuan.base.models import Named, Record
from bihuan.days.rules import UNITS
from bihuan.ledger.models import TableVersion
from bihuan.projects import rules
from bihuan.projects.rules.tables import TABLES


class RuleTable(TableVersion):
    """项目规则表：办公室自己定的一张表的一版；改动另存新版，旧版永远可查。"""

    class Meta(TableVersion.Meta):
        verbose_name = _("项目规则表")
        constraints = (
            models.UniqueConstraint(fields=["code", "version"], name="projects_ruletable_version"),
            models.CheckConstraint(condition=~Q(source=""), name="projects_ruletable_source"),
        )

    def __str__(self) -> str:
        return f"{TABLES[self.code].name} {self.version}"


class StepRule(Record, Named):
    """步骤库：一个前期步骤在一段时间里的时限、依据、证件有效期；新的为准，旧的各在其时有效。

    `number` is empty where no legal limit is known; 0 where the step is settled on receipt.
    """

    append_only: ClassVar[bool] = True

    code = models.SlugField(_("代码"), max_length=40, db_index=True)
    order = models.PositiveSmallIntegerField(_("次序"), default=100)
    authority = models.CharField(_("办理部门"), max_length=80)
    number = models.PositiveSmallIntegerField(_("时限"), null=True, blank=True)
    unit = models.CharField(_("计算单位"), max_length=10, choices=choices(UNITS), default="working")
    bound = models.CharField(
        _("上限或下限"), max_length=10, choices=choices(rules.BOUNDS), default="most"
    )
    extra_number = models.PositiveSmallIntegerField(_("可延长"), default=0)
    valid_from = models.DateField(_("自何日起有效"), null=True, blank=True)
    valid_to = models.DateField(_("至何日止有效"), null=True, blank=True)
    source = models.CharField(_("依据"), max_length=200)
    grade = models.CharField(
        _("可靠程度"), max_length=1, choices=choices(rules.GRADES), default="O"
    )
    note = models.CharField(_("说明"), max_length=300, blank=True)
    kinds = models.JSONField(_("用于哪类投资"), default=list, blank=True)
    after = models.JSONField(_("排在哪些步骤之后"), default=list, blank=True)
    stops = models.JSONField(_("哪些情形停钟"), default=list, blank=True)
    blocks_start = models.BooleanField(_("开工前须办"), default=True)
    joint = models.BooleanField(_("列入联审联批"), default=True)
    usual = models.BooleanField(_("排步骤时默认选中"), default=True)
    document = models.CharField(_("证件名称"), max_length=80, blank=True)
    document_number = models.PositiveSmallIntegerField(_("证件有效期"), default=0)
    document_unit = models.CharField(
        _("有效期单位"), max_length=10, choices=choices(UNITS), default="month"
    )
    renewals = models.PositiveSmallIntegerField(_("可延期次数"), default=0)
    renewal_number = models.PositiveSmallIntegerField(_("每次延期"), default=0)
    warn_days = models.PositiveSmallIntegerField(_("到期前多少天提醒"), default=0)
    in_use = models.BooleanField(_("使用"), default=True)
    by = post()

    class Meta:
        verbose_name = _("步骤库")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="projects_steprule_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(unit__in=list(UNITS), document_unit__in=list(UNITS)),
                name="projects_steprule_units",
            ),
        )

    def get_absolute_url(self) -> str:
        return reverse("projects:step-rule", args=[self.code])
