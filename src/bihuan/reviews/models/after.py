"""After the meeting: the problem list for the ledger, report and circular, the lower bodies."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.base.models import Record
from bihuan.ledger import rules as ledger
from bihuan.reviews import rules
from bihuan.reviews.models.meeting import Review, Seat


class Problem(Record):
    """问题清单：一条查摆出来的问题，写成可以存入台账的话；存入后由台账管到底。"""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="problems")
    number = models.PositiveSmallIntegerField(_("序号"))
    source = models.CharField(_("由来"), max_length=12, choices=choices(rules.PROBLEM_SOURCES))
    seat = models.ForeignKey(
        Seat, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("责任领导"),
    )  # fmt: skip
    title = models.CharField(_("问题"), max_length=200)
    measures = models.TextField(_("整改措施"))
    goal = models.TextField(_("整改目标"), blank=True)
    rect_kind = models.CharField(
        _("整改类型"), max_length=20, choices=choices(ledger.RECT_KINDS), default="dated"
    )
    lead_unit = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("牵头单位")
    )
    due = models.DateField(_("完成时限"))
    dropped = models.CharField(_("不再整改的原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("问题清单")
        ordering = ("review", "number")
        constraints = (
            models.UniqueConstraint(fields=["review", "number"], name="reviews_problem_number"),
        )

    def __str__(self) -> str:
        # Stands in the ledger as the origin of a finding, where others read it.
        return f"{self.review} 问题清单第{self.number}条"

    def get_absolute_url(self) -> str:
        return reverse("reviews:problems", args=[self.review_id])


class Writing(Record):
    """会后文书：会议情况报告或通报；照会上记录起草，由经办人改定，不引批评意见的原话。"""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="writings")
    kind = models.CharField(_("文书"), max_length=10, choices=choices(rules.WRITINGS))
    text = models.TextField(_("文字"))
    saved_at = models.DateTimeField(_("保存时间"))
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("会后文书")
        ordering = ("review", "kind")
        constraints = (
            models.UniqueConstraint(fields=["review", "kind"], name="reviews_writing_once"),
        )

    def __str__(self) -> str:
        return f"{self.review} {rules.WRITINGS[self.kind]}"


class LowerMeeting(Record):
    """下级民主生活会：一个下级班子的会，哪天开，谁去指导，开了没有。"""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="lower")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    due = models.DateField(_("最迟日期"))
    date = models.DateField(_("会议日期"), null=True, blank=True)
    guide = models.ForeignKey(
        Seat, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("到会指导"),
    )  # fmt: skip
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(rules.LOWER_STATES), default="waiting"
    )
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("下级民主生活会")
        ordering = ("review", "pk")
        constraints = (
            models.UniqueConstraint(fields=["review", "unit"], name="reviews_lowermeeting_once"),
            models.CheckConstraint(
                condition=~Q(state__in=("dated", "held")) | Q(date__isnull=False),
                name="reviews_lowermeeting_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="exempt") | ~Q(note=""), name="reviews_lowermeeting_says_why"
            ),
        )

    def __str__(self) -> str:
        return f"{self.review} {self.unit}"
