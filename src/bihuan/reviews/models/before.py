"""Before the meeting: opinions collected, talks held."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.base.models import Record
from bihuan.reviews import rules
from bihuan.reviews.models.meeting import Review, Seat


class Opinion(Record):
    """意见建议：征求来的一条意见，分送给班子或某个成员，原样反馈。"""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="opinions")
    number = models.PositiveIntegerField(_("序号"))
    channel = models.CharField(_("渠道"), max_length=10, choices=choices(rules.CHANNELS))
    text = models.TextField(_("意见"))
    origin = models.CharField(_("来自"), max_length=120, blank=True)
    about = models.CharField(_("对谁"), max_length=10, blank=True, choices=choices(rules.ABOUT))
    seat = models.ForeignKey(
        Seat, on_delete=models.PROTECT, null=True, related_name="opinions", verbose_name=_("成员")
    )
    returned_on = models.DateField(_("反馈日期"), null=True)
    returned_by = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, related_name="+"
    )
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("意见建议")
        ordering = ("review", "number")
        constraints = (
            models.UniqueConstraint(fields=["review", "number"], name="reviews_opinion_number"),
            models.CheckConstraint(
                condition=Q(about="member", seat__isnull=False)
                | (~Q(about="member") & Q(seat__isnull=True)),
                name="reviews_opinion_member_has_seat",
            ),
            models.CheckConstraint(
                condition=Q(returned_on__isnull=True) | ~Q(about=""),
                name="reviews_opinion_returned_is_sorted",
            ),
            # What came from the box has no origin: it must not get one by later knowledge.
            models.CheckConstraint(
                condition=~Q(channel="box") | Q(origin=""), name="reviews_opinion_box_has_no_origin"
            ),
        )

    def __str__(self) -> str:
        return f"{self.review} 意见第{self.number}条"


class DueTalk(Record):
    """应谈对象：除班子成员之间外，还应由某成员与某单位负责人谈心谈话。"""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="due_talks")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("people.Post", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("应谈对象")
        ordering = ("review", "seat", "pk")
        constraints = (
            models.UniqueConstraint(fields=["seat", "post"], name="reviews_duetalk_once"),
        )

    def __str__(self) -> str:
        return f"{self.seat} — {self.post}"


class Talk(Record):
    """谈心谈话：谁与谁、哪天；要点可不写，写了只有双方和经办人看得到。"""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="talks")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")
    on = models.DateField(_("日期"))
    points = models.TextField(_("要点"), blank=True)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("谈心谈话")
        ordering = ("review", "on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(other__isnull=False, post__isnull=True)
                | Q(other__isnull=True, post__isnull=False),
                name="reviews_talk_two_sides",
            ),
            models.CheckConstraint(
                condition=Q(other__isnull=True) | ~Q(other=F("seat")),
                name="reviews_talk_not_with_oneself",
            ),
        )

    def __str__(self) -> str:
        return f"{self.seat} — {self.other or self.post}"
