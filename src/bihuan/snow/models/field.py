"""What teams report from the street, and what is to be cleared by hand."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.base.models import Record
from bihuan.snow.rules.live import STATES


class TeamReport(Record):
    """队伍报告：一支队伍一次报的人、台次、融雪剂、清运量和路况；只增不改，重发不会多出一条。

    `people` holds the people at work by trade; `turnouts` the vehicle turn-outs since the report
    before, which is another measure than vehicles.
    """

    append_only: ClassVar[bool] = True

    client_key = models.CharField(max_length=40, unique=True)
    unit = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("单位")
    )
    at = models.DateTimeField(_("时间"))
    people = models.JSONField(_("在岗人数"), default=dict)
    turnouts = models.PositiveIntegerField(_("出动台次"), null=True)
    deicer_kg = models.PositiveIntegerField(_("融雪剂（kg）"), null=True)
    cleared_m3 = models.PositiveIntegerField(_("清运（m³）"), null=True)
    section = models.CharField(_("路段代码"), max_length=80, blank=True)
    state = models.CharField(_("路况"), max_length=10, blank=True, choices=choices(STATES))
    note = models.CharField(_("说明"), max_length=500, blank=True)
    photo = models.ForeignKey(
        "files.Version", on_delete=models.PROTECT, null=True, related_name="+"
    )
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("队伍报告")
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=["unit", "at"], name="snow_report_unit"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(section="", state="") | ~(Q(section="") | Q(state="")),
                name="snow_report_state_of_a_section",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit} {self.at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("snow:phone")


class HandTask(Record):
    """人工清雪任务：一个路口、人行道或地铁口，在机械推过、雪埂留下以后由人清；做完须有照片。"""

    unit = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("单位")
    )
    place = models.CharField(_("部位"), max_length=120)
    lon = models.FloatField(_("经度"))
    lat = models.FloatField(_("纬度"))
    section = models.CharField(_("路段代码"), max_length=80, blank=True)
    # The plough's pass that threw the ridge; the time allowed runs from its end.
    after = models.ForeignKey("fleet.Pass", on_delete=models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(_("时限"), null=True)
    done_at = models.DateTimeField(_("完成时间"), null=True)
    done_by = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, related_name="+"
    )
    done_key = models.CharField(max_length=40, blank=True)
    photo = models.ForeignKey(
        "files.Version", on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.CharField(_("说明"), max_length=200, blank=True)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("人工清雪任务")
        ordering = ("done_at", "due_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(photo__isnull=False),
                name="snow_handtask_done_with_photo",
            ),
        )

    def __str__(self) -> str:
        return self.place

    def get_absolute_url(self) -> str:
        return reverse("snow:phone")
