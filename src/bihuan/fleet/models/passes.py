"""What vehicles did on a section: coarse, kept for good, with a few points as evidence."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices, post
from bihuan.base.models import Record
from bihuan.fleet import rules
from bihuan.fleet.models.register import Shift, Vehicle


class Pass(Record):
    """作业记录：一台车在一个路段上做过一遍；有轨迹为证的带几个佐证点，队伍报告的写明谁报的。

    `share` is how much of the section's length (of that direction) was driven, 0 to 1.
    `evidence` holds a few points of the track: [ms since 1970, lon, lat], WGS-84.
    """

    # The code, not a row: it means the same street in every version of the network, and what was
    # done must outlive the version on which it was matched.
    section = models.CharField(_("路段代码"), max_length=80)
    vehicle = models.ForeignKey(
        Vehicle, on_delete=models.PROTECT, null=True, blank=True, related_name="passes",
        verbose_name=_("车辆"),
    )  # fmt: skip
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, null=True, related_name="passes")
    direction = models.CharField(
        _("方向"), max_length=8, choices=choices(rules.DIRECTIONS), default="both"
    )
    from_at = models.DateTimeField(_("开始"))
    to_at = models.DateTimeField(_("结束"))
    ploughed = models.BooleanField(_("推雪"), null=True)
    spread = models.BooleanField(_("撒布"), null=True)
    grams = models.FloatField(_("融雪剂（g）"), null=True, blank=True)
    share = models.FloatField(_("做了多少"), default=1.0)
    source = models.CharField(_("来源"), max_length=10, choices=choices(rules.SOURCES))
    evidence = models.JSONField(_("佐证点"), default=list, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    by = post()

    class Meta:
        verbose_name = _("作业记录")
        ordering = ("from_at", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(to_at__gte=F("from_at")), name="fleet_pass_order"),
            models.CheckConstraint(condition=~Q(section=""), name="fleet_pass_section_named"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="fleet_pass_share"),
            models.CheckConstraint(
                condition=Q(source="reported") | Q(vehicle__isnull=False, shift__isnull=False),
                name="fleet_pass_matched_has_track",
            ),
        )
        indexes = (
            models.Index(fields=["section", "to_at"], name="fleet_pass_section"),
            models.Index(fields=["to_at"], name="fleet_pass_to"),
            models.Index(fields=["created_at"], name="fleet_pass_created"),
        )

    def __str__(self) -> str:
        return f"{self.section} {_now(rules.SOURCES[self.source])}"

    def get_absolute_url(self) -> str:
        return reverse("fleet:pass", args=[self.pk])
