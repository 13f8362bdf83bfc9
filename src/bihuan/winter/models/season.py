"""一季的预案、营运公司的合同，和冬季的规则表。"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices, post
from bihuan.base.models import Record
from bihuan.ledger.models import TableVersion
from bihuan.winter.rules.season import SEASON_STATES
from bihuan.winter.rules.tables import TABLES


class Season(Record):
    """扫雪除冰预案：一个冬天的；经签发才执行，同一时间只有一份在执行。"""

    title = models.CharField(_("名称"), max_length=160)
    title_en = models.CharField(_("英文名称"), max_length=240, blank=True)
    starts = models.DateField(_("从哪天起"))
    ends = models.DateField(_("到哪天止"))
    text = models.TextField(_("总的安排"), blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(SEASON_STATES), default="draft"
    )
    signed_at = models.DateTimeField(_("签发时间"), null=True, editable=False)
    signed_by = post()
    by = post()
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("扫雪除冰预案")
        ordering = ("-starts", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="winter_season_days"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(signed_at__isnull=False), name="winter_season_signed"
            ),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="in_force"), name="winter_season_one_in_force"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def label(self) -> str:
        return self.title_en if self.title_en and get_language() == "en" else self.title

    def get_absolute_url(self) -> str:
        return reverse("winter:season", args=[self.pk])


class SeasonTable(TableVersion):
    """冬季规则表：级别、时限、用量、工种……的一版；改动另存新版，旧版永远可查。"""

    class Meta(TableVersion.Meta):
        verbose_name = _("冬季规则表")
        constraints = (
            models.UniqueConstraint(fields=["code", "version"], name="winter_table_version"),
            models.CheckConstraint(condition=~Q(source=""), name="winter_table_source"),
        )

    def __str__(self) -> str:
        return f"{TABLES[self.code].name} {self.version}"


class Contract(Record):
    """清雪合同：哪家公司，哪几天到哪几天，管哪些道路；没有写道路的是全区。"""

    unit = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("公司")
    )
    number = models.CharField(_("合同编号"), max_length=60, unique=True)
    starts = models.DateField(_("从哪天起"))
    ends = models.DateField(_("到哪天止"))
    kinds = models.JSONField(_("道路等级"), default=list)
    streets = models.JSONField(_("道路"), default=list)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    stopped_on = models.DateField(_("提前终止"), null=True, blank=True)
    stopped_why = models.CharField(_("终止的原因"), max_length=300, blank=True)
    by = post()
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("清雪合同")
        ordering = ("number",)
        constraints = (
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="winter_contract_days"),
            models.CheckConstraint(
                condition=Q(stopped_on__isnull=True) | ~Q(stopped_why=""),
                name="winter_contract_says_why",
            ),
        )

    def __str__(self) -> str:
        return self.number

    def label(self) -> str:
        return f"{self.number} {self.unit.label()}"

    def get_absolute_url(self) -> str:
        return reverse("winter:contracts")
