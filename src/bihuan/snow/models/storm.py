"""一场雪：the event that everything else of this room belongs to, its warnings and levels."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.base.models import Record
from bihuan.snow.rules import storm as rules


def post() -> models.ForeignKey:  # type: ignore[type-arg]  # not there at run time
    """Whose act it was; None for the system."""
    return models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")


class Storm(Record):
    """降雪过程：何时下起、何时启动、何时雪停、何时结束；同一时间只有一场没有结束的。"""

    name = models.CharField(_("名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True)
    first_snow_at = models.DateTimeField(_("降雪开始"))
    started_at = models.DateTimeField(_("启动时间"))
    start = models.CharField(_("怎样启动"), max_length=10, choices=choices(rules.STARTS))
    snow_stopped_at = models.DateTimeField(_("雪停时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    by = post()
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("降雪过程")
        ordering = ("-first_snow_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(started_at__gte=F("first_snow_at")), name="snow_storm_starts_after_snow"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="snow_storm_order",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def label(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name

    def get_absolute_url(self) -> str:
        return reverse("snow:storm", args=[self.pk])


class RelayedWarning(Record):
    """预警：气象台站发布的，照录发布单位、时间和原文；平台只转发，不发布。"""

    append_only: ClassVar[bool] = True

    storm = models.ForeignKey(
        Storm, on_delete=models.PROTECT, null=True, blank=True, related_name="warnings"
    )
    issuer = models.CharField(_("发布单位"), max_length=80)
    kind = models.CharField(_("种类"), max_length=10, choices=choices(rules.WARNINGS))
    colour = models.CharField(_("颜色"), max_length=8, choices=choices(rules.COLOURS))
    text = models.TextField(_("原文"))
    issued_at = models.DateTimeField(_("发布时间"))
    by = post()

    class Meta:
        verbose_name = _("转发的预警")
        ordering = ("-issued_at", "-pk")

    def __str__(self) -> str:
        return f"{self.issuer} {_now(rules.WARNINGS[self.kind])}{_now(rules.COLOURS[self.colour])}"


class LevelChange(Record):
    """响应级别：哪个预案到哪一级，谁签，为什么；两套级别各走各的，只增不改。"""

    append_only: ClassVar[bool] = True

    storm = models.ForeignKey(Storm, on_delete=models.PROTECT, related_name="levels")
    scale = models.CharField(
        _("预案"), max_length=8, choices=[(c, _(n)) for c, (n, _l) in rules.SCALES.items()]
    )
    level = models.CharField(
        _("级别"), max_length=4, choices=[*choices(rules.LEVELS), (rules.OFF, _("解除"))]
    )
    at = models.DateTimeField(_("时间"))
    reason = models.CharField(_("原因"), max_length=300)
    by = post()

    class Meta:
        verbose_name = _("响应级别")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.storm} {_now(rules.LEVELS.get(self.level, '解除'))}"
