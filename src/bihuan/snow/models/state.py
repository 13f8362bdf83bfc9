"""How a section is, as somebody said it at a moment; the newest counts, the others stay."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.base.models import Record
from bihuan.snow.rules.field import STATE_SOURCES
from bihuan.snow.rules.live import STATES


class SectionState(Record):
    """路段状态：谁在什么时候说这个路段畅通、缓行、结冰还是封闭；只增不改，新的为准。"""

    append_only: ClassVar[bool] = True

    section = models.CharField(_("路段代码"), max_length=80)
    state = models.CharField(_("状态"), max_length=10, choices=choices(STATES))
    at = models.DateTimeField(_("时间"))
    source = models.CharField(_("来源"), max_length=12, choices=choices(STATE_SOURCES))
    note = models.CharField(_("说明"), max_length=200, blank=True)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("路段状态")
        ordering = ("at", "pk")
        indexes = (
            models.Index(fields=["section", "at"], name="snow_state_section"),
            models.Index(fields=["created_at"], name="snow_state_created"),
        )
        constraints = (
            models.CheckConstraint(condition=~Q(section=""), name="snow_state_section_named"),
        )

    def __str__(self) -> str:
        return f"{self.section} {_now(STATES[self.state])}"
