"""Rounds: what was declared for them, what is known of peers, points given."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.assessment import rules
from bihuan.assessment.models.schemes import Entrant, Node, PointRule, Scheme
from bihuan.base.fields import choices
from bihuan.base.models import Record
from bihuan.jobs.models import CanonicalJSON


class Round(Record):
    """考核轮次：一个考核年度的一次评价；数据年度另记；冻结以后数据不再变。"""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="rounds")
    assess_year = models.PositiveSmallIntegerField(_("考核年度"))
    data_year = models.PositiveSmallIntegerField(_("数据年度"))
    state = models.CharField(
        _("状态"), max_length=12, choices=choices(rules.STATES), default="filling"
    )
    sample = models.BooleanField(_("示例数据"), default=False)
    # What was frozen, whole: names and leagues may change later, these inputs do not.
    inputs = CanonicalJSON(_("冻结的输入"), null=True)
    digest = models.CharField(_("数据摘要"), max_length=64, blank=True)
    submitted_by = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("考核轮次")
        ordering = ("-assess_year", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["scheme", "assess_year"], name="assessment_round_one_year"
            ),
            models.CheckConstraint(
                condition=Q(data_year__lte=F("assess_year")), name="assessment_round_data_before"
            ),
            models.CheckConstraint(
                condition=~Q(state="frozen") | (~Q(digest="") & Q(inputs__isnull=False)),
                name="assessment_round_frozen_digest",
            ),
        )

    def __str__(self) -> str:
        return f"{self.scheme.name} {self.assess_year}"

    def get_absolute_url(self) -> str:
        return reverse("assessment:round", args=[self.pk])


class Cell(Record):
    """填报格：一个单位一项指标的一个数，连同它的来历；改正另登一版，旧的不动。"""

    append_only: ClassVar[bool] = True

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="cells")
    entrant = models.ForeignKey(Entrant, on_delete=models.PROTECT, related_name="cells")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="cells")
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    value = models.DecimalField(_("数值"), max_digits=28, decimal_places=8, null=True, blank=True)
    origin = models.CharField(_("来历"), max_length=12, choices=choices(rules.ORIGINS))
    observation = models.ForeignKey(
        "facts.Observation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    source = models.CharField(_("依据"), max_length=300)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("填报格")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["round", "entrant", "node", "version"], name="assessment_cell_one_version"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="assessment_cell_has_source"),
            models.CheckConstraint(
                condition=~Q(origin="facts") | Q(observation__isnull=False),
                name="assessment_cell_facts_has_figure",
            ),
        )

    def __str__(self) -> str:
        return f"{self.entrant} {self.node} {self.value}"


class PeerLoad(Record):
    """同伴批次：一次载入的同伴数据：谁、何时、从哪里来；整批替换的，以前各批不再用。"""

    append_only: ClassVar[bool] = True

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="peer_loads")
    source = models.CharField(_("来源"), max_length=300)
    replaces = models.BooleanField(_("整批替换"), default=True)
    sample = models.BooleanField(_("示例数据"), default=False)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("同伴批次")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(source=""), name="assessment_load_has_source"),
        )

    def __str__(self) -> str:
        return f"{self.round} {self.source}"


class PeerCell(Record):
    """同伴格：别的开发区一项指标的一个数，连同来源和是实数、缺数还是估计；后一批的代替前一批的。"""

    append_only: ClassVar[bool] = True

    load = models.ForeignKey(PeerLoad, on_delete=models.PROTECT, related_name="cells")
    entrant = models.ForeignKey(Entrant, on_delete=models.PROTECT, related_name="+")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField(_("数值"), max_digits=28, decimal_places=8, null=True, blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=choices(rules.STATUSES))
    source = models.CharField(_("来源"), max_length=300)

    class Meta:
        verbose_name = _("同伴格")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["load", "entrant", "node"], name="assessment_peer_cell_once"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="assessment_peer_cell_source"),
            models.CheckConstraint(
                condition=Q(status="missing", value__isnull=True)
                | (~Q(status="missing") & Q(value__isnull=False)),
                name="assessment_peer_cell_missing",
            ),
        )

    def __str__(self) -> str:
        return f"{self.entrant} {self.node} {self.value}"


class Point(Record):
    """加减分：按方案的一条规则对一个单位记一次或几次；只增，改正用次数相反的一条。

    `points` is what was asked for; the rule's cap is kept when scores are computed.
    """

    append_only: ClassVar[bool] = True

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="points")
    entrant = models.ForeignKey(Entrant, on_delete=models.PROTECT, related_name="+")
    rule = models.ForeignKey(PointRule, on_delete=models.PROTECT, related_name="given")
    times = models.SmallIntegerField(_("次数"), default=1)
    points = models.DecimalField(_("分数"), max_digits=7, decimal_places=3)
    reason = models.CharField(_("理由"), max_length=200)
    basis = models.CharField(_("依据"), max_length=200)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("加减分")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(points=0), name="assessment_point_not_zero"),
            models.CheckConstraint(condition=~Q(times=0), name="assessment_point_some_times"),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(basis=""), name="assessment_point_says_why"
            ),
        )

    def __str__(self) -> str:
        return f"{self.entrant} {self.points} {self.reason}"
