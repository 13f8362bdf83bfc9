"""Schemes, their versions and files, what changed between versions, the table of aspects."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices, post
from bihuan.base.models import Named, Record
from bihuan.designs import rules


class Aspect(Record, Named):
    """意见方面：意见从哪方面提；办公室可增改，用过的只停用不删除。"""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    order = models.PositiveSmallIntegerField(_("次序"), default=100)
    source = models.CharField(_("依据"), max_length=200)
    in_use = models.BooleanField(_("使用"), default=True)

    class Meta:
        verbose_name = _("意见方面")
        ordering = ("order", "pk")

    def get_absolute_url(self) -> str:
        return reverse("designs:aspect", args=[self.code])


class Scheme(Record, Named):
    """规划设计方案：一个项目的一个方案，有若干版本；请哪些单位提意见，由谁答复。"""

    project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, related_name="schemes",
        verbose_name=_("项目"),
    )  # fmt: skip
    designer = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, related_name="+",
        verbose_name=_("设计（项目）单位"),
    )  # fmt: skip
    units = models.ManyToManyField(
        "people.Unit", blank=True, related_name="+", verbose_name=_("征求意见的单位")
    )
    due = models.DateField(_("提意见截止"), null=True, blank=True)
    conditions = models.TextField(_("规划条件"), blank=True)
    state = models.CharField(
        _("状态"), max_length=12, choices=choices(rules.SCHEME_STATES), default="reviewing"
    )
    reason = models.CharField(_("说明"), max_length=300, blank=True)
    by = post()
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("规划设计方案")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=["project", "name"], name="designs_scheme_name"),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(reason=""), name="designs_scheme_says_why"
            ),
        )

    def get_absolute_url(self) -> str:
        return reverse("designs:scheme", args=[self.pk])


class SchemeVersion(Record):
    """方案版本：交来的一版，不再改动；页码从头到尾连着数。"""

    append_only: ClassVar[bool] = True

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("版本号"))
    pages = models.PositiveSmallIntegerField(_("页数"))
    note = models.TextField(_("这一版改了什么"), blank=True)
    by = post()

    class Meta:
        verbose_name = _("方案版本")
        ordering = ("scheme", "number")
        constraints = (
            models.UniqueConstraint(fields=["scheme", "number"], name="designs_version_number"),
            models.CheckConstraint(
                condition=Q(number__gte=1, pages__gte=1), name="designs_version_from_one"
            ),
        )

    def __str__(self) -> str:
        return f"{self.scheme} 第{self.number}版"

    def label(self) -> str:
        """第几版, in the reader's language."""
        return _now("第 %(n)d 版") % {"n": self.number}

    def get_absolute_url(self) -> str:
        return reverse("designs:version", args=[self.scheme_id, self.number])


class SchemeFile(Record):
    """方案文件：一版里的一个 PDF 或一张图片；`first` 是它的第一页在全版里的页码。

    `sizes` holds width and height of each page (points of a PDF, pixels of a picture).
    """

    append_only: ClassVar[bool] = True

    version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="files")
    order = models.PositiveSmallIntegerField(_("次序"))
    kept = models.ForeignKey("files.Version", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("种类"), max_length=10)
    first = models.PositiveSmallIntegerField(_("起始页"))
    pages = models.PositiveSmallIntegerField(_("页数"))
    sizes = models.JSONField()
    scripts = models.PositiveSmallIntegerField(_("所带脚本"), default=0)

    class Meta:
        verbose_name = _("方案文件")
        ordering = ("version", "order")
        constraints = (
            models.UniqueConstraint(fields=["version", "order"], name="designs_file_order"),
        )

    def __str__(self) -> str:
        return str(self.kept)


class Comparison(Record):
    """版本比对：两版之间哪些页改了、改在哪里；由作业算出，算完才有内容。

    `pairs` are rows as `exchange.drawings.Look` has them; None while it is being worked out.
    """

    older = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+")
    newer = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey("jobs.Job", on_delete=models.PROTECT, null=True, related_name="+")
    pairs = models.JSONField(null=True)

    class Meta:
        verbose_name = _("版本比对")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["older", "newer"], name="designs_comparison_once"),
            models.CheckConstraint(
                condition=~Q(older=F("newer")), name="designs_comparison_of_two"
            ),
        )

    def __str__(self) -> str:
        return f"{self.older} — {self.newer}"

    def get_absolute_url(self) -> str:
        numbers = [self.older.scheme_id, self.older.number, self.newer.number]
        return reverse("designs:compare", args=numbers)
