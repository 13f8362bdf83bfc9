"""What the office entered itself: revisions of the calendar, their days, and the limits."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.base.models import Record
from bihuan.days import limits, rules


def new_stamp() -> str:
    return uuid.uuid4().hex


class Revision(Record):
    """日历变更：办公室的一次录入，几天或一整年，带依据；只增不改，新的为准。

    `year` is set where the whole year was entered: it then replaces everything known of that year.
    `stamp` tells one revision from any other, even from one that was rolled back: the calendar in
    memory is kept by the list of stamps. `first` and `last` span the days that became different.
    """

    append_only: ClassVar[bool] = True

    year = models.PositiveSmallIntegerField(_("年份"), null=True)
    source = models.CharField(_("依据"), max_length=300)
    first = models.DateField(_("变化起日"), null=True)
    last = models.DateField(_("变化止日"), null=True)
    stamp = models.CharField(max_length=32, unique=True, default=new_stamp, editable=False)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("日历变更")
        ordering = ("pk",)

    def __str__(self) -> str:
        if self.year is not None:
            return _now("%(year)d 年全年放假安排") % {"year": self.year}
        return self.source

    def get_absolute_url(self) -> str:
        return reverse("days:index")


class DayMark(Record):
    """日期标记：某一天上班或放假，由办公室录入；同一天以新的为准，旧的保留。

    `working` is empty where the office took its mark back: the published arrangement holds again.
    """

    append_only: ClassVar[bool] = True

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="marks")
    date = models.DateField(_("日期"), db_index=True)
    working = models.BooleanField(_("上班"), null=True)
    name = models.CharField(_("节日或原因"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("日期标记")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["revision", "date"], name="days_daymark_once"),
        )

    def __str__(self) -> str:
        return f"{self.date} {self.name}".strip()


class LegalLimit(Record):
    """法定期限：一类事项最多（或至少）几天，是工作日还是自然日，依据哪条；新的为准，旧的保留。"""

    append_only: ClassVar[bool] = True

    code = models.SlugField(_("代码"), max_length=60, db_index=True)
    name = models.CharField(_("事项"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True)
    bound = models.CharField(
        _("上限或下限"), max_length=10, choices=choices(limits.BOUNDS), default="most"
    )
    number = models.PositiveSmallIntegerField(_("期限数"))
    unit = models.CharField(_("计算单位"), max_length=10, choices=choices(rules.UNITS))
    source = models.CharField(_("依据"), max_length=200)
    grade = models.CharField(_("可靠程度"), max_length=1, choices=choices(limits.GRADES))
    note = models.CharField(_("说明"), max_length=300, blank=True)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("法定期限")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=Q(number__gte=1), name="days_legallimit_number"),
            models.CheckConstraint(
                condition=Q(unit__in=list(rules.UNITS)), name="days_legallimit_unit"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def label(self) -> str:
        """The name in the reader's language, where there is one."""
        return self.name_en if self.name_en and get_language() == "en" else self.name

    def get_absolute_url(self) -> str:
        return reverse("days:limit", args=[self.code])
