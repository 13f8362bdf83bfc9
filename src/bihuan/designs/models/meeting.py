"""Review meetings: agenda of several projects, attendance, conclusions, minutes with a number."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base import clock
from bihuan.base.fields import choices, post
from bihuan.base.models import Record
from bihuan.designs import rules
from bihuan.designs.models.scheme import Scheme, SchemeVersion


class ReviewMeeting(Record):
    """方案审查会：专题会、专家评审会或规委会；议几个项目，谁主持，谁参加，各得什么结论。"""

    title = models.CharField(_("会议名称"), max_length=200)
    kind = models.CharField(_("种类"), max_length=10, choices=choices(rules.MEETING_KINDS))
    on = models.DateField(_("日期"))
    time = models.CharField(_("时间"), max_length=20, blank=True)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    chair = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, related_name="+", verbose_name=_("主持人")
    )
    requirements = models.TextField(_("会议要求"), blank=True)
    state = models.CharField(
        _("状态"), max_length=12, choices=choices(rules.MEETING_STATES), default="planned"
    )
    reason = models.CharField(_("取消的原因"), max_length=300, blank=True)
    by = post()
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("方案审查会")
        ordering = ("-on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="called_off") | ~Q(reason=""), name="designs_meeting_says_why"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def label(self) -> str:
        """The title with its day."""
        return _now("%(title)s（%(day)s）") % {"title": self.title, "day": clock.in_words(self.on)}

    def get_absolute_url(self) -> str:
        return reverse("designs:meeting", args=[self.pk])


class AgendaItem(Record):
    """议题：一个方案的某一版，由谁汇报，得什么结论。"""

    meeting = models.ForeignKey(ReviewMeeting, on_delete=models.PROTECT, related_name="agenda")
    number = models.PositiveSmallIntegerField(_("序号"))
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="agenda")
    version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+")
    minutes = models.PositiveSmallIntegerField(_("时长（分钟）"), default=20)
    conclusion = models.CharField(
        _("结论"), max_length=10, blank=True, choices=choices(rules.CONCLUSIONS)
    )
    text = models.TextField(_("结论说明"), blank=True)

    class Meta:
        verbose_name = _("议题")
        ordering = ("meeting", "number")
        constraints = (
            models.UniqueConstraint(fields=["meeting", "number"], name="designs_agenda_number"),
            models.UniqueConstraint(fields=["meeting", "scheme"], name="designs_agenda_once"),
        )

    def __str__(self) -> str:
        return f"{self.meeting} 第{self.number}项"

    def get_absolute_url(self) -> str:
        return self.meeting.get_absolute_url()


class Attendee(Record):
    """参会：一个任职，或外请的人以其身份记（如「专家组组长」），到会、列席还是缺席。"""

    meeting = models.ForeignKey(ReviewMeeting, on_delete=models.PROTECT, related_name="attendees")
    post = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("任职"),
    )  # fmt: skip
    capacity = models.CharField(_("外请人员的身份"), max_length=120, blank=True)
    attendance = models.CharField(
        _("到会情况"), max_length=10, choices=choices(rules.ATTENDANCE), default="invited"
    )

    class Meta:
        verbose_name = _("参会人员")
        ordering = ("meeting", "pk")
        constraints = (
            models.UniqueConstraint(fields=["meeting", "post"], name="designs_attendee_once"),
            models.CheckConstraint(
                condition=Q(post__isnull=False, capacity="")
                | (Q(post__isnull=True) & ~Q(capacity="")),
                name="designs_attendee_somebody",
            ),
        )

    def __str__(self) -> str:
        return str(self.post) if self.post else self.capacity

    def label(self) -> str:
        """The post in the reader's language, or the capacity as written."""
        return self.post.label() if self.post else self.capacity


class Minutes(Record):
    """会议纪要：由记录起草，可改；印发时编号，此后不再改动。"""

    meeting = models.OneToOneField(ReviewMeeting, on_delete=models.PROTECT, related_name="paper")
    text = models.TextField(_("正文"))
    year = models.PositiveSmallIntegerField(_("年份"), null=True)
    number = models.PositiveSmallIntegerField(_("编号"), null=True)
    issuer = models.CharField(_("印发单位"), max_length=120, blank=True)
    issued_on = models.DateField(_("印发日期"), null=True)
    issued_by = post()

    class Meta:
        verbose_name = _("会议纪要")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["year", "number"], name="designs_minutes_number"),
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True, number__isnull=True, year__isnull=True)
                | (Q(issued_on__isnull=False, number__isnull=False, year__isnull=False)
                   & ~Q(issuer="")),
                name="designs_minutes_issued_has_number",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.meeting} 会议纪要"

    def get_absolute_url(self) -> str:
        return reverse("designs:minutes", args=[self.meeting_id])


class MinutesSeries(Record):
    """纪要流水号：一年一串。"""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("纪要流水号")

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
