"""Finding and what belongs to it: measures, progress, evidence, verifications, extensions."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.base.models import Record
from bihuan.ledger import rules


def _choices(table: dict[str, str]) -> list[tuple[str, Any]]:
    return [(code, _(label)) for code, label in table.items()]


class Limit(Record):
    """期限与次数：办公室自己定的数，带出处；不写死在程序里。"""

    code = models.SlugField(max_length=40, unique=True)
    value = models.PositiveIntegerField(_("数值"))
    source = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("期限设定")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


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
    source = models.CharField(_("问题来源"), max_length=20, choices=_choices(rules.SOURCES))
    source_number = models.CharField(_("来源文号"), max_length=80, blank=True)
    goal = models.TextField(_("整改目标"), blank=True)
    rect_kind = models.CharField(_("整改类型"), max_length=20, choices=_choices(rules.RECT_KINDS))
    note = models.TextField(_("备注"), blank=True)
    state = models.CharField(
        _("状态"), max_length=20, choices=_choices(rules.STATES), default="draft", db_index=True
    )

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
    requested_on = models.DateField(_("申请销号日期"), null=True, blank=True)
    closed_on = models.DateField(_("销号日期"), null=True, blank=True)

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
        ordering = ("-number",)
        indexes = (
            models.Index(fields=["origin_type", "origin_id"], name="ledger_finding_origin"),
            models.Index(fields=["state", "due"], name="ledger_finding_due"),
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


class Part(Record):
    """What belongs to a finding and was brought by a post."""

    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True
        ordering = ("pk",)


class Measure(Part):
    """整改措施：要做什么，谁做，何时做完。"""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="measures")
    text = models.TextField(_("整改措施"))
    due = models.DateField(_("完成日期"), null=True, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("整改措施")

    def __str__(self) -> str:
        return self.text


class Progress(Part):
    """进展：逐次填报，不改旧的。"""

    append_only: ClassVar[bool] = True

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="progress")
    text = models.TextField(_("进展"))

    class Meta(Part.Meta):
        verbose_name = _("进展")

    def __str__(self) -> str:
        return self.text


class Evidence(Part):
    """佐证：一份文件和它说明什么。"""

    append_only: ClassVar[bool] = True

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="evidence")
    round = models.PositiveSmallIntegerField(_("轮次"))
    version = models.ForeignKey("files.Version", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("说明"))

    class Meta(Part.Meta):
        verbose_name = _("佐证")

    def __str__(self) -> str:
        return self.text


class Verification(Part):
    """核查：由未参与整改的人作出的结论和意见。"""

    append_only: ClassVar[bool] = True

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="verifications")
    round = models.PositiveSmallIntegerField(_("轮次"))
    way = models.CharField(_("核查方式"), max_length=20, choices=_choices(rules.CHECK_WAYS))
    passed = models.BooleanField(_("通过"))
    opinion = models.TextField(_("核查意见"))

    class Meta(Part.Meta):
        verbose_name = _("核查")
        constraints = (
            models.CheckConstraint(condition=~Q(opinion=""), name="ledger_verification_opinion"),
        )

    def __str__(self) -> str:
        return self.opinion


class Extension(Part):
    """延期：申请、理由、新时限，由别人审批；最初时限永远保留。"""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="extensions")
    reason = models.TextField(_("延期理由"))
    from_due = models.DateField(_("原时限"))
    to_due = models.DateField(_("新时限"))
    granted = models.BooleanField(_("同意"), null=True)
    decided_by = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(_("审批意见"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("延期")
        constraints = (
            models.UniqueConstraint(
                fields=["finding"],
                condition=Q(granted__isnull=True),
                name="ledger_extension_one_pending",
            ),
            models.CheckConstraint(
                condition=Q(to_due__gt=F("from_due")), name="ledger_extension_later"
            ),
        )

    def __str__(self) -> str:
        return f"{self.from_due} → {self.to_due}"


class Recheck(Part):
    """回头看：销号后再看一次，是否反弹。"""

    append_only: ClassVar[bool] = True

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="rechecks")
    round = models.PositiveSmallIntegerField(_("轮次"))
    held = models.BooleanField(_("没有反弹"))
    opinion = models.TextField(_("回头看意见"))

    class Meta(Part.Meta):
        verbose_name = _("回头看")

    def __str__(self) -> str:
        return self.opinion
