"""演练：哪天，演什么，几分钟出动，缺什么。"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import post
from bihuan.base.models import Record


class Drill(Record):
    """一次演练；`limit_minutes` 是演练那天规定的分钟数，以后改规定不改它。"""

    append_only: ClassVar[bool] = True

    on = models.DateField(_("日期"))
    scenario = models.CharField(_("演练内容"), max_length=300)
    people = models.PositiveIntegerField(_("参加人数"))
    vehicles = models.PositiveIntegerField(_("出动车辆"))
    minutes = models.PositiveIntegerField(_("几分钟出动"))
    limit_minutes = models.PositiveIntegerField(_("规定几分钟"))
    lacking = models.TextField(_("发现缺什么"), blank=True)
    by = post()
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("演练")
        ordering = ("-on", "-pk")
        constraints = (
            models.CheckConstraint(condition=~Q(scenario=""), name="winter_drill_scenario"),
        )

    def __str__(self) -> str:
        return f"{self.on} {self.scenario}"

    @property
    def in_time(self) -> bool:
        return self.minutes <= self.limit_minutes

    def get_absolute_url(self) -> str:
        return reverse("winter:drill", args=[self.pk])
