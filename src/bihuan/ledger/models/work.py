"""What belongs to a finding and was brought by a post: measures, progress, evidence, judgements."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.base.models import Record
from bihuan.ledger import rules
from bihuan.ledger.models.finding import Finding


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
    done_on = models.DateField(_("落实日期"), null=True, blank=True)
    done_by = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, related_name="+"
    )
    result = models.TextField(_("落实情况"), blank=True)

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
    kind = models.CharField(
        _("种类"), max_length=10, choices=choices(rules.EVIDENCE_KINDS), default="other"
    )
    dated = models.DateField(_("形成日期"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=120, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("佐证")

    def __str__(self) -> str:
        return self.text


class Verification(Part):
    """核查：由未参与整改的人作出的结论和意见。"""

    append_only: ClassVar[bool] = True

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="verifications")
    round = models.PositiveSmallIntegerField(_("轮次"))
    way = models.CharField(_("核查方式"), max_length=20)
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
