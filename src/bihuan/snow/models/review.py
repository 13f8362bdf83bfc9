"""复盘：what was promised and kept, what it cost, what went wrong, what to change."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.base.models import Record
from bihuan.snow.rules import review as rules


class Review(Record):
    """复盘：一场雪一份；签定以前数随记录重算，签定时连同单价一起固化，数记入数据。"""

    storm = models.OneToOneField("snow.Storm", on_delete=models.PROTECT, related_name="review")
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(rules.STATES), default="draft"
    )
    summary = models.TextField(_("总的看法"), blank=True)
    told = models.JSONField(null=True, editable=False)
    digest = models.CharField(_("摘要"), max_length=64, blank=True, editable=False)
    signed_at = models.DateTimeField(_("签定时间"), null=True, editable=False)
    signed_by = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("复盘")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(told__isnull=False, signed_at__isnull=False),
                name="snow_review_signed_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.storm} {_now('复盘')}"

    def label(self) -> str:
        return _now("复盘")

    def get_absolute_url(self) -> str:
        return reverse("snow:review", args=[self.pk])


class Lesson(Record):
    """教训：哪里做得不好，或要改什么；划去的留着，可提为台账的问题。"""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="lessons")
    kind = models.CharField(_("类别"), max_length=8, choices=choices(rules.LESSONS))
    text = models.CharField(_("内容"), max_length=500)
    unit = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("涉及单位"),
    )  # fmt: skip
    struck = models.CharField(_("划去的原因"), max_length=300, blank=True)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("复盘的教训")
        ordering = ("review", "pk")

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        return self.review.get_absolute_url()


class Replay(Record):
    """重演：假如当时不是那样；同一个引擎再排一次，与原来的比。"""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="replays")
    kind = models.CharField(_("假如"), max_length=12, choices=choices(rules.REPLAYS))
    asked = models.JSONField(default=dict)
    seed = models.PositiveBigIntegerField(_("种子"))
    job = models.ForeignKey("jobs.Job", on_delete=models.PROTECT, null=True, related_name="+")
    told = models.JSONField(null=True)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("重演")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.review} {_now(rules.REPLAYS[self.kind])}"

    def get_absolute_url(self) -> str:
        return reverse("snow:replay", args=[self.pk])
