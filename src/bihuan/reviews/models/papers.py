"""Check materials. What is not submitted lives in a table of its own, and leaves it when it is."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.base.models import Record
from bihuan.reviews import rules
from bihuan.reviews.models.meeting import Review, Seat


class Paper(Record):
    """对照检查材料：班子一份，每个成员一份；文字在草稿和版本里，不在这里。"""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(_("种类"), max_length=10, choices=choices(rules.PAPER_KINDS))
    seat = models.OneToOneField(
        Seat, on_delete=models.PROTECT, null=True, related_name="check_paper"
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(rules.PAPER_STATES), default="drafting"
    )

    class Meta:
        verbose_name = _("对照检查材料")
        ordering = ("review", "kind", "seat__order", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["review"], condition=Q(kind="body"), name="reviews_paper_one_of_body"
            ),
            models.CheckConstraint(
                condition=Q(kind="body", seat__isnull=True)
                | Q(kind="personal", seat__isnull=False),
                name="reviews_paper_whose",
            ),
        )

    def __str__(self) -> str:
        if self.seat is None:
            return f"{self.review} 班子对照检查材料"
        return f"{self.review} {self.seat}的对照检查材料"

    def label(self) -> str:
        """Whose it is, in the reader's language; never a word of it."""
        if self.seat is None:
            return _now("班子对照检查材料")
        return _now("%(member)s的对照检查材料") % {"member": self.seat.label()}

    def get_absolute_url(self) -> str:
        return reverse("reviews:paper", args=[self.review_id, self.pk])


class Draft(Record):
    """草稿：还没有提交的文字，只有本人和经办人看得到；提交之后即成为版本，草稿清空。"""

    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="draft")
    text = models.TextField(_("文字"), blank=True)
    version = models.ForeignKey(
        "files.Version", on_delete=models.PROTECT, null=True, related_name="+"
    )
    name = models.CharField(_("文件名"), max_length=120, blank=True)
    saved_at = models.DateTimeField(_("保存时间"))

    class Meta:
        verbose_name = _("草稿")

    def __str__(self) -> str:
        return f"{self.paper} 草稿"


class PaperVersion(Record):
    """材料版本：提交过的一版，不再改动；编号从 1 起。"""

    append_only: ClassVar[bool] = True

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("版本号"))
    text = models.TextField(_("文字"), blank=True)
    version = models.ForeignKey(
        "files.Version", on_delete=models.PROTECT, null=True, related_name="+"
    )
    name = models.CharField(_("文件名"), max_length=120, blank=True)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("材料版本")
        ordering = ("paper", "number")
        constraints = (
            models.UniqueConstraint(fields=["paper", "number"], name="reviews_paperversion_number"),
            models.CheckConstraint(
                condition=~Q(text="") | Q(version__isnull=False),
                name="reviews_paperversion_not_empty",
            ),
        )

    def __str__(self) -> str:
        return f"{self.paper} 第{self.number}版"


class PaperReview(Record):
    """审阅意见：指导组对某一版的意见，通过或退回。"""

    append_only: ClassVar[bool] = True

    version = models.OneToOneField(PaperVersion, on_delete=models.PROTECT, related_name="judged")
    passed = models.BooleanField(_("通过"))
    text = models.TextField(_("审阅意见"), blank=True)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("审阅意见")
        ordering = ("version",)
        constraints = (
            models.CheckConstraint(
                condition=Q(passed=True) | ~Q(text=""), name="reviews_paperreview_says_why"
            ),
        )

    def __str__(self) -> str:
        return f"{self.version} 审阅意见"
