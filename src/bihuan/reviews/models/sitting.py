"""In the meeting: the agenda as it ran, who criticised whom, the guidance group's judgement."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.base.models import Record
from bihuan.reviews import rules
from bihuan.reviews.models.meeting import Guest, Review, Seat


class AgendaItem(Record):
    """议程：一项，按次序进行；不做的写明原因。"""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="agenda")
    number = models.PositiveSmallIntegerField(_("序号"))
    kind = models.CharField(_("事项"), max_length=12, choices=choices(rules.AGENDA))
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(rules.STEP_STATES), default="pending"
    )
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    speakers = models.ManyToManyField(
        Seat, blank=True, related_name="+", verbose_name=_("发言的成员")
    )
    guests = models.ManyToManyField(
        Guest, blank=True, related_name="+", verbose_name=_("发言的指导组成员")
    )
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("议程")
        ordering = ("review", "number")
        constraints = (
            models.UniqueConstraint(fields=["review", "number"], name="reviews_agendaitem_number"),
            models.CheckConstraint(
                condition=~Q(state="skipped") | ~Q(note=""),
                name="reviews_agendaitem_skipped_has_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.review} 议程第{self.number}项"

    def label(self) -> str:
        """What is done, and whose turn it is."""
        what = _now(rules.AGENDA[self.kind])
        if self.seat is None or self.kind in ("body_check", "summary"):
            return what
        if self.kind == "criticism":
            return _now("对%(member)s，%(what)s") % {"member": self.seat.label(), "what": what}
        return _now("%(member)s作个人对照检查") % {"member": self.seat.label()}


class Criticism(Record):
    """批评意见：谁对谁说了什么；记错的另记一条更正，原来的保留。"""

    append_only: ClassVar[bool] = True

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="criticisms")
    source = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("批评意见"))
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced"
    )
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("批评意见")
        ordering = ("review", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(source=F("target")), name="reviews_criticism_not_of_oneself"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="reviews_criticism_says_something"),
        )

    def __str__(self) -> str:
        return f"{self.review} {self.source}对{self.target}"


class Judgement(Record):
    """评价：指导组对一个项目的等次和意见；项目取自规则，随会保存。"""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="judgements")
    code = models.SlugField(_("代码"), max_length=40)
    order = models.PositiveSmallIntegerField(_("次序"))
    name = models.CharField(_("项目"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    grade = models.CharField(_("等次"), max_length=40, blank=True)
    grade_en = models.CharField(_("英文等次"), max_length=80, blank=True)
    text = models.TextField(_("意见"), blank=True)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("评价")
        ordering = ("review", "order")
        constraints = (
            models.UniqueConstraint(fields=["review", "code"], name="reviews_judgement_once"),
        )

    def __str__(self) -> str:
        return f"{self.review} {self.name}"

    def label(self) -> str:
        """The judged item in the reader's language."""
        return self.name_en if self.name_en and get_language() == "en" else self.name

    def graded(self) -> str:
        """The grade in the reader's language; empty while there is none."""
        return self.grade_en if self.grade_en and get_language() == "en" else self.grade
