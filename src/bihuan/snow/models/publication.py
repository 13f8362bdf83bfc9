"""路况发布：what everybody may read of the roads. The newest counts; nothing else leaves."""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.base.models import Record
from bihuan.snow.rules import public as rules


class Publication(Record):
    """路况发布：截至某时各重点道路的状态、封闭的路段、承诺的时刻；只增不改，新的为准。"""

    append_only: ClassVar[bool] = True

    storm = models.ForeignKey(
        "snow.Storm", on_delete=models.PROTECT, null=True, related_name="publications"
    )
    as_of = models.DateTimeField(_("截至"))
    told = models.JSONField(_("内容"))
    note = models.CharField(_("给公众的话"), max_length=300, blank=True)
    note_en = models.CharField(_("给公众的话（英文）"), max_length=500, blank=True)
    source = models.CharField(_("怎样发布"), max_length=8, choices=choices(rules.SOURCES))
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("路况发布")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.as_of:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return (
            reverse("snow:storm", args=[self.storm_id]) if self.storm_id else reverse("snow:index")
        )
