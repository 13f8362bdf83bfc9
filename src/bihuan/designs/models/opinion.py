"""Opinions on a scheme: where they are pinned, how they were answered, who verified that."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices, post
from bihuan.base.models import Record
from bihuan.designs import rules
from bihuan.designs.models.scheme import Aspect, Scheme, SchemeVersion

_FRACTION: dict[str, Any] = {"max_digits": 6, "decimal_places": 5, "null": True, "blank": True}


class Opinion(Record):
    """修改完善意见：钉在某一版某一页的一处，从一个方面提；答复、落实、核实后了结。

    The rectangle is in fractions of the page from its top left; a page without one means the whole
    page, none at all the whole scheme.
    """

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="opinions")
    number = models.PositiveIntegerField(_("编号"))
    guid = models.UUIDField(default=uuid.uuid4, editable=False)
    version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="opinions")
    page = models.PositiveSmallIntegerField(_("页码"), null=True, blank=True)
    x = models.DecimalField(**_FRACTION)
    y = models.DecimalField(**_FRACTION)
    w = models.DecimalField(**_FRACTION)
    h = models.DecimalField(**_FRACTION)
    aspect = models.ForeignKey(Aspect, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(_("来源"), max_length=10, choices=choices(rules.SOURCES))
    unit = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("提出单位"),
    )  # fmt: skip
    meeting = models.ForeignKey(
        "designs.ReviewMeeting", on_delete=models.PROTECT, null=True, blank=True,
        related_name="opinions", verbose_name=_("审查会"),
    )  # fmt: skip
    notice = models.ForeignKey(
        "designs.Notice", on_delete=models.PROTECT, null=True, blank=True, related_name="opinions",
        verbose_name=_("公示"),
    )  # fmt: skip
    text = models.TextField(_("意见"))
    priority = models.CharField(
        _("分量"), max_length=8, choices=choices(rules.PRIORITIES), default="should"
    )
    author = models.CharField(_("导入文件所写的提出人"), max_length=120, blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(rules.STATES), default="open"
    )
    by = post()

    class Meta:
        verbose_name = _("修改完善意见")
        ordering = ("scheme", "number")
        constraints = (
            models.UniqueConstraint(fields=["scheme", "number"], name="designs_opinion_number"),
            models.UniqueConstraint(fields=["scheme", "guid"], name="designs_opinion_guid"),
            models.CheckConstraint(condition=~Q(text=""), name="designs_opinion_says_something"),
            models.CheckConstraint(
                condition=Q(x__isnull=True, y__isnull=True, w__isnull=True, h__isnull=True)
                | Q(page__isnull=False, x__gte=0, y__gte=0, w__gt=0, h__gt=0),
                name="designs_opinion_rectangle_whole",
            ),
            models.CheckConstraint(
                condition=~Q(source="public") | Q(by__isnull=True, unit__isnull=True),
                name="designs_opinion_public_is_nobodys",
            ),
        )

    def __str__(self) -> str:
        return f"{self.scheme} 意见第{self.number}条"

    def label(self) -> str:
        """Which opinion on which scheme, in the reader's language."""
        words = {"scheme": self.scheme.label(), "n": self.number}
        return _now("%(scheme)s 意见第 %(n)d 条") % words

    def get_absolute_url(self) -> str:
        return reverse("designs:opinion", args=[self.scheme_id, self.number])

    def region(self) -> rules.Region | None:
        """The rectangle, if there is one."""
        if self.x is None or self.y is None or self.w is None or self.h is None:
            return None
        return rules.Region(self.x, self.y, self.w, self.h)

    def place(self) -> str:
        """Where it is pinned, in words."""
        if self.page is None:
            return _now("全案（第 %(n)d 版）") % {"n": self.version.number}
        told = {"n": self.version.number, "page": self.page}
        return _now("第 %(n)d 版第 %(page)d 页") % told


class Reply(Record):
    """答复：采纳、部分采纳还是不采纳，为什么，哪一版落实；改答复另答一次，都保留。"""

    append_only: ClassVar[bool] = True

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="replies")
    decision = models.CharField(_("答复"), max_length=10, choices=choices(rules.DECISIONS))
    reason = models.TextField(_("理由"))
    settled_in = models.ForeignKey(
        SchemeVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="settles",
        verbose_name=_("落实的版本"),
    )  # fmt: skip
    by = post()

    class Meta:
        verbose_name = _("答复")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="designs_reply_says_why"),
            models.CheckConstraint(
                condition=~Q(decision="rejected") | Q(settled_in__isnull=True),
                name="designs_reply_rejected_settles_nothing",
            ),
        )

    def __str__(self) -> str:
        return f"{self.opinion} {_now(rules.DECISIONS[self.decision])}"


class Verification(Record):
    """核实：提出单位看过落实的版本或不采纳的理由，认可或退回；答复的人不得核实。"""

    append_only: ClassVar[bool] = True

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="verifications")
    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="verifications")
    passed = models.BooleanField(_("认可"))
    note = models.TextField(_("核实意见"), blank=True)
    by = post()

    class Meta:
        verbose_name = _("核实")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(passed=True) | ~Q(note=""), name="designs_verification_says_why"
            ),
        )

    def __str__(self) -> str:
        return f"{self.opinion} {_now('认可') if self.passed else _now('退回')}"


class Remark(Record):
    """讨论：一条意见下面的一句话，在这里写的或由 BCF 导入的；只增不改。"""

    append_only: ClassVar[bool] = True

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="remarks")
    guid = models.UUIDField(default=uuid.uuid4)
    at = models.DateTimeField(_("时间"))
    text = models.TextField(_("内容"))
    author = models.CharField(_("导入文件所写的作者"), max_length=120, blank=True)
    by = post()

    class Meta:
        verbose_name = _("讨论")
        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(fields=["opinion", "guid"], name="designs_remark_guid"),
        )

    def __str__(self) -> str:
        return str(self.opinion)


class Picture(Record):
    """附图：随 BCF 导入的一张截图。"""

    append_only: ClassVar[bool] = True

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="pictures")
    kept = models.ForeignKey("files.Version", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("附图")
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.kept)
