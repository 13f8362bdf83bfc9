"""What the office edits for all meetings: steps with their deadlines, and a few settings."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.base.models import Named, Record
from bihuan.reviews import rules


class StepTemplate(Record, Named):
    """步骤库：一个步骤的期限、材料和依据；新的为准，旧的保留；已在筹备的会不受影响。"""

    append_only: ClassVar[bool] = True

    code = models.SlugField(_("代码"), max_length=40, db_index=True)
    phase = models.CharField(_("阶段"), max_length=10, choices=choices(rules.PHASES))
    order = models.PositiveSmallIntegerField(_("次序"))
    days = models.PositiveSmallIntegerField(
        _("离会议日的天数"), help_text=_("会前的往前数，会中、会后的往后数；当日为 0。")
    )
    unit = models.CharField(
        _("计算单位"), max_length=10, choices=choices(rules.DAY_UNITS), default="natural"
    )
    documents = models.CharField(_("材料"), max_length=200, blank=True)
    paper = models.BooleanField(_("须附材料才算完成"), default=False)
    source = models.CharField(_("依据"), max_length=200)
    grade = models.CharField(
        _("可靠程度"), max_length=1, choices=choices(rules.GRADES), default="O"
    )
    note = models.CharField(_("说明"), max_length=300, blank=True)
    in_use = models.BooleanField(_("使用"), default=True)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("步骤库")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(phase__in=list(rules.PHASES)), name="reviews_steptemplate_phase"
            ),
            models.CheckConstraint(
                condition=Q(unit__in=list(rules.DAY_UNITS)), name="reviews_steptemplate_unit"
            ),
        )

    def get_absolute_url(self) -> str:
        return reverse("reviews:template", args=[self.code])


class Setting(Record):
    """规则：到会人数下限、年度会议的时间、评价的项目和等次；新的为准，旧的保留。"""

    append_only: ClassVar[bool] = True

    code = models.SlugField(_("代码"), max_length=40, db_index=True)
    value = models.JSONField(_("值"))
    source = models.CharField(_("依据"), max_length=200)
    grade = models.CharField(
        _("可靠程度"), max_length=1, choices=choices(rules.GRADES), default="O"
    )
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("规则")
        ordering = ("pk",)

    def __str__(self) -> str:
        return rules.SETTINGS[self.code].name
