"""情况报告：what an office says of a snowfall, and where it says otherwise than the sum."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.base.models import Record
from bihuan.snow.rules import situation as rules


class SituationReport(Record):
    """情况报告：截至某时的人次、台次、融雪剂、清运和路况；签发时编号，连同各行和摘要一起固化。

    `told` is what was issued: figures with the lines they sum from, roads, and what it says of
    itself. A draft has none; it is summed anew each time it is looked at.
    """

    storm = models.ForeignKey("snow.Storm", on_delete=models.PROTECT, related_name="situations")
    number = models.PositiveSmallIntegerField(_("期号"), null=True, editable=False)
    as_of = models.DateTimeField(_("截至"))
    summary = models.TextField(_("情况"), blank=True)
    next_steps = models.TextField(_("下一步"), blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(rules.REPORT_STATES), default="draft"
    )
    told = models.JSONField(null=True, editable=False)
    digest = models.CharField(_("摘要"), max_length=64, blank=True, editable=False)
    issued_at = models.DateTimeField(_("签发时间"), null=True, editable=False)
    issued_by = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("情况报告")
        ordering = ("-as_of", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["storm", "number"],
                condition=Q(number__isnull=False),
                name="snow_situation_numbered_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued")
                | Q(number__isnull=False, told__isnull=False, issued_at__isnull=False),
                name="snow_situation_issued_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.storm} {self.number or self.pk}"

    def label(self) -> str:
        """第几期，或草稿。"""
        if self.number:
            return _now("情况报告第 %(n)d 期") % {"n": self.number}
        return _now("情况报告（草稿）")

    def get_absolute_url(self) -> str:
        return reverse("snow:situation", args=[self.pk])


class Correction(Record):
    """更正：一个数不照汇总的那样写，写明原因；两个数都看得到。没有新值就是恢复汇总值。"""

    append_only: ClassVar[bool] = True

    report = models.ForeignKey(
        SituationReport, on_delete=models.PROTECT, related_name="corrections"
    )
    figure = models.CharField(
        _("哪个数"),
        max_length=12,
        choices=[(code, _(name)) for code, (name, _measure, _places) in rules.FIGURES.items()],
    )
    summed = models.DecimalField(_("当时的汇总值"), max_digits=14, decimal_places=3)
    value = models.DecimalField(_("写成"), max_digits=14, decimal_places=3, null=True)
    reason = models.CharField(_("原因"), max_length=300)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("情况报告的更正")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="snow_correction_says_why"),
        )

    def __str__(self) -> str:
        return f"{self.report} {_now(rules.FIGURES[self.figure][0])}"
