"""督导：a walk of leaders along a route, stop by stop, and what was found there."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.base.models import Record
from bihuan.snow.rules import inspection as rules
from bihuan.snow.rules.live import STATES


class Inspection(Record):
    """督导：谁带队、哪天、谁参加、依次到哪几处；可以不属于哪一场雪（例如备汛检查）。"""

    storm = models.ForeignKey(
        "snow.Storm", on_delete=models.PROTECT, null=True, blank=True, related_name="inspections"
    )
    subject = models.CharField(_("督导内容"), max_length=120)
    leader = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, related_name="+", verbose_name=_("带队")
    )
    participants = models.ManyToManyField("people.Post", related_name="+", blank=True)
    starts_at = models.DateTimeField(_("出发时间"))
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(rules.STATES), default="planned"
    )
    summary = models.TextField(_("小结"), blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, editable=False)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("督导")
        ordering = ("-starts_at", "-pk")

    def __str__(self) -> str:
        return self.subject

    def label(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("snow:inspection", args=[self.pk])


class Stop(Record):
    """一站：第几处，是什么地方（路段或地点），几时到，当时路况怎样。"""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="stops")
    order = models.PositiveSmallIntegerField(_("次序"))
    kind = models.CharField(_("类别"), max_length=10, choices=choices(rules.STOPS))
    name = models.CharField(_("地点"), max_length=120)
    section = models.CharField(_("路段代码"), max_length=80, blank=True)
    lon = models.FloatField(_("经度"), null=True, blank=True)
    lat = models.FloatField(_("纬度"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("到达时间"), null=True, editable=False)
    state = models.CharField(_("路况"), max_length=10, blank=True, choices=choices(STATES))

    class Meta:
        verbose_name = _("督导的一站")
        ordering = ("inspection", "order")
        constraints = (
            models.UniqueConstraint(fields=["inspection", "order"], name="snow_stop_in_order"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.inspection.get_absolute_url()


class Remark(Record):
    """所见：在一站看到的一件事，有照片为好；一按即可提为台账的问题。"""

    append_only: ClassVar[bool] = True

    client_key = models.CharField(max_length=40, unique=True)
    stop = models.ForeignKey(Stop, on_delete=models.PROTECT, related_name="remarks")
    seen = models.CharField(_("看法"), max_length=6, choices=choices(rules.SEEN))
    text = models.CharField(_("所见"), max_length=500)
    unit = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("涉及单位"),
    )  # fmt: skip
    photo = models.ForeignKey(
        "files.Version", on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("督导所见")
        ordering = ("pk",)
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="snow_remark_says"),)

    def __str__(self) -> str:
        return f"{self.stop} {_now(rules.SEEN[self.seen])}"

    def get_absolute_url(self) -> str:
        return self.stop.get_absolute_url()
