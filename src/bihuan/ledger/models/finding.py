"""`Finding`, the one noun the ledger is about; its numbers, and how it stood on every day."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.base.models import Record
from bihuan.ledger import rules


class Series(models.Model):
    """编号序列：每年从 1 起，不跳号，不重号。"""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("编号序列")

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Finding(Record):
    """问题：一条要整改的事，有来源、责任单位、时限，直到别人核查后销号。"""

    number = models.CharField(_("编号"), max_length=20, unique=True)
    title = models.CharField(_("问题"), max_length=200)
    description = models.TextField(_("问题描述"), blank=True)
    category = models.CharField(_("问题类别"), max_length=60, blank=True)
    # The codes of sources and categories are rows of a rule table that the office edits.
    source = models.CharField(_("问题来源"), max_length=20)
    source_number = models.CharField(_("来源文号"), max_length=80, blank=True)
    place = models.CharField(_("地点或对象"), max_length=120, blank=True)
    place_key = models.CharField(max_length=120, blank=True, db_index=True)
    risk = models.CharField(
        _("风险"), max_length=10, choices=choices(rules.RISKS), default="medium"
    )
    goal = models.TextField(_("整改目标"), blank=True)
    standard = models.TextField(_("验收标准"), blank=True)
    rect_kind = models.CharField(_("整改类型"), max_length=20, choices=choices(rules.RECT_KINDS))
    note = models.TextField(_("备注"), blank=True)
    state = models.CharField(
        _("状态"), max_length=20, choices=choices(rules.STATES), default="draft", db_index=True
    )

    # Counts every act, so that two people who act on the same state are told of each other.
    revision = models.PositiveIntegerField(default=0)

    # A new round begins whenever the work comes back: returned by the checker, or reopened. Each
    # round needs its own evidence and its own verification.
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)

    lead_unit = models.ForeignKey(
        "people.Unit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="led_findings",
        verbose_name=_("牵头单位"),
    )
    assist_units = models.ManyToManyField(
        "people.Unit", blank=True, related_name="assisted_findings", verbose_name=_("配合单位")
    )
    leader = models.ForeignKey(
        "people.Post",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("责任领导"),
    )
    owner = models.ForeignKey(
        "people.Post",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("责任人"),
    )

    due = models.DateField(_("完成时限"), null=True, blank=True)
    first_due = models.DateField(_("最初时限"), null=True, blank=True)
    assigned_on = models.DateField(_("交办日期"), null=True, blank=True)

    # How the deadline came about: what was written, and from which day how many days were counted.
    due_text = models.CharField(_("时限原文"), max_length=200, blank=True)
    counted_from = models.DateField(_("起算日"), null=True, blank=True)
    counted_days = models.PositiveSmallIntegerField(_("天数"), null=True, blank=True)
    counted_unit = models.CharField(
        _("计日方式"), max_length=10, blank=True, choices=choices(rules.DAY_UNITS)
    )
    counted_by = models.CharField(_("计日依据"), max_length=200, blank=True)
    provisional = models.BooleanField(_("时限暂定"), default=False)

    requested_on = models.DateField(_("申请销号日期"), null=True, blank=True)
    closed_on = models.DateField(_("销号日期"), null=True, blank=True)
    # The first day on which a deadline of this finding was missed: it never turns green again.
    missed_on = models.DateField(_("首次逾期日期"), null=True, blank=True)

    # How many different people must verify before it can be closed; fixed when assigned.
    signatures = models.PositiveSmallIntegerField(_("核查签字人数"), default=1)

    # 层层传导: the finding it was split from, and the line it went down.
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级问题"),
    )
    line = models.CharField(
        _("分解所沿的线"), max_length=10, blank=True, choices=choices(rules.CASCADE_LINES)
    )
    # 反复出现: the closed finding that this one is a return of.
    previous = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="returns",
        verbose_name=_("前一次的问题"),
    )
    # The office's own number in the workbook it came from.
    leader_text = models.CharField(_("责任领导（原文）"), max_length=120, blank=True)
    owner_text = models.CharField(_("责任人（原文）"), max_length=120, blank=True)
    external_number = models.CharField(_("原编号"), max_length=60, blank=True, db_index=True)
    import_key = models.CharField(max_length=64, blank=True, db_index=True)

    raised_by = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, related_name="+"
    )
    acknowledged_by = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, related_name="+"
    )
    requested_by = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, related_name="+"
    )

    # Where it came from, by generic key: a doubt, an opinion, a slip. Rooms above are not imported.
    origin_type = models.CharField(max_length=100, blank=True)
    origin_id = models.CharField(max_length=64, blank=True)
    origin_name = models.CharField(_("由来"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("问题")
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=["lead_unit", "state"], name="ledger_finding_unit_state"),
            models.Index(fields=["state", "-id"], name="ledger_finding_state_new"),
            models.Index(fields=["closed_on"], name="ledger_finding_closed_on"),
            models.Index(fields=["origin_type", "origin_id"], name="ledger_finding_origin"),
            models.Index(fields=["state", "due"], name="ledger_finding_due"),
            models.Index(fields=["assigned_on"], name="ledger_finding_assigned_on"),
            # Few findings have parts; the statistics of the whole column would say "all alike".
            models.Index(
                fields=["parent"], condition=Q(parent__isnull=False), name="ledger_finding_parts"
            ),
            # What the list's filters, counts and statistics ask, without reading the long texts.
            models.Index(
                fields=[
                    "state",
                    "lead_unit",
                    "source",
                    "rect_kind",
                    "risk",
                    "category",
                    "assigned_on",
                    "closed_on",
                    "due",
                    "requested_on",
                    "missed_on",
                    "round",
                ],
                name="ledger_finding_counts",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("draft", "void")) | Q(lead_unit__isnull=False),
                name="ledger_finding_has_lead_unit",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "void"))
                | Q(due__isnull=False, first_due__isnull=False, assigned_on__isnull=False),
                name="ledger_finding_has_dates",
            ),
            models.CheckConstraint(
                condition=Q(due__isnull=True) | Q(due__gte=F("first_due")),
                name="ledger_finding_due_not_before_first",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_on__isnull=False),
                name="ledger_finding_closed_has_date",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("ledger:finding", args=[self.pk])


class Stint(Record):
    """经历：自某刻起，问题处于什么状态、什么时限、在哪个单位手里；据此可知过去任何一天的样子。"""

    append_only: ClassVar[bool] = True

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="stints")
    at = models.DateTimeField(_("时间"))
    day = models.DateField(_("日期"))
    state = models.CharField(_("状态"), max_length=20, choices=choices(rules.STATES))
    due = models.DateField(_("完成时限"), null=True)
    requested_on = models.DateField(_("申请销号日期"), null=True)
    lead_unit = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("经历")
        ordering = ("pk",)
        indexes = (models.Index(fields=["finding", "day"], name="ledger_stint_day"),)

    def __str__(self) -> str:
        return f"{self.day} {self.state}"
