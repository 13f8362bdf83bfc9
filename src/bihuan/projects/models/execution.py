"""While it is built: monthly filings, weekly notes, blockages, the coordination log."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices, post
from bihuan.base.models import Record
from bihuan.projects import rules
from bihuan.projects.models.card import AMOUNT, Project


class Filing(Record):
    """月报：某月的投资、形象进度、问题和下月计划；报错了另报一版，写明原因。

    `month` is the first day of the month; `due` the deadline as it was when it was filed.
    """

    append_only: ClassVar[bool] = True

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="filings")
    month = models.DateField(_("月份"))
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    filed_on = models.DateField(_("报送日期"))
    due = models.DateField(_("应报日期"))
    invested = models.DecimalField(_("本年累计完成投资（万元）"), null=True, blank=True, **AMOUNT)
    invested_total = models.DecimalField(
        _("开工以来累计完成投资（万元）"), null=True, blank=True, **AMOUNT
    )
    progress = models.TextField(_("形象进度"), blank=True)
    problems = models.TextField(_("存在问题"), blank=True)
    next_steps = models.TextField(_("下月计划"), blank=True)
    paper = models.ForeignKey(
        "files.Version", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("更正的原因"), max_length=300, blank=True)
    by = post()

    class Meta:
        verbose_name = _("月报")
        ordering = ("month", "version")
        constraints = (
            models.UniqueConstraint(
                fields=["project", "month", "version"], name="projects_filing_version"
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""), name="projects_filing_says_why"
            ),
        )

    def __str__(self) -> str:
        return f"{self.project} {self.month:%Y-%m}"


class Weekly(Record):
    """周进展：某周干了什么、下周干什么；同一周可补充，都保留。`week` is a Monday."""

    append_only: ClassVar[bool] = True

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="weeklies")
    week = models.DateField(_("周一"))
    percent = models.PositiveSmallIntegerField(_("形象进度（%）"), null=True, blank=True)
    text = models.TextField(_("本周进展"))
    next_steps = models.TextField(_("下周计划"), blank=True)
    by = post()

    class Meta:
        verbose_name = _("周进展")
        ordering = ("week", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__lte=100),
                name="projects_weekly_percent",
            ),
        )

    def __str__(self) -> str:
        return f"{self.project} {self.week}"


class Blockage(Record):
    """堵点：卡住项目的一件事，归哪个部门解决；阶梯照登记那天的规则表，过期自动升级。"""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="blockages")
    number = models.PositiveSmallIntegerField(_("序号"))
    title = models.CharField(_("堵点"), max_length=200)
    owner = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("责任部门")
    )
    opened_on = models.DateField(_("登记日期"))
    ladder = models.JSONField(_("阶梯"))
    lifted = models.PositiveSmallIntegerField(default=0)
    solved_on = models.DateField(_("解决日期"), null=True, blank=True)
    by = post()

    class Meta:
        verbose_name = _("堵点")
        ordering = ("project", "number")
        constraints = (
            models.UniqueConstraint(fields=["project", "number"], name="projects_blockage_number"),
        )

    def __str__(self) -> str:
        return f"{self.project} {self.title}"

    def label(self) -> str:
        """What is stuck, after its project in the reader's language."""
        return f"{self.project.label()} · {self.title}"

    def get_absolute_url(self) -> str:
        return self.project.get_absolute_url()


class BlockageMove(Record):
    """堵点的一步：登记、进展、提前升级、解决；只增不改。"""

    append_only: ClassVar[bool] = True

    blockage = models.ForeignKey(Blockage, on_delete=models.PROTECT, related_name="moves")
    kind = models.CharField(_("做了什么"), max_length=10, choices=choices(rules.MOVES))
    on = models.DateField(_("日期"))
    note = models.TextField(_("说明"))
    by = post()

    class Meta:
        verbose_name = _("堵点的一步")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.blockage} {_now(rules.MOVES[self.kind])}"


class LogEntry(Record):
    """协调记录：哪天、以什么方式、与谁协调、说定了什么；只增不改。"""

    append_only: ClassVar[bool] = True

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="log")
    on = models.DateField(_("日期"))
    kind = models.CharField(_("方式"), max_length=10, choices=choices(rules.LOG_KINDS))
    parties = models.CharField(_("参加单位"), max_length=200, blank=True)
    text = models.TextField(_("协调内容"))
    agreed = models.TextField(_("说定的事"), blank=True)
    by = post()

    class Meta:
        verbose_name = _("协调记录")
        ordering = ("on", "pk")

    def __str__(self) -> str:
        return f"{self.project} {self.on}"
