"""Releases: a text that goes to the public, the steps that let it go, the figures it tells."""

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices, post
from bihuan.base.models import Record
from bihuan.press import rules


def new_slug() -> str:
    """A public address that tells nothing while the text is a draft."""
    return secrets.token_hex(5)


class Release(Record):
    """发布稿：标题、副题、本报讯、正文、署名；发布以后不改，只由新的一篇更正。"""

    slug = models.SlugField(max_length=20, unique=True, default=new_slug)
    headline = models.CharField(_("标题"), max_length=120)
    subheadline = models.CharField(_("副题"), max_length=120, blank=True)
    dateline = models.CharField(_("电头"), max_length=40, blank=True, default="本报讯")
    body = models.TextField(_("正文"))
    byline = models.CharField(_("署名"), max_length=60, blank=True)
    event_on = models.DateField(_("事情发生或信息形成的日期"))
    unit = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("起草单位")
    )
    # What it tells of, by generic key: rooms above are not imported.
    thing_type = models.CharField(max_length=100, blank=True)
    thing_id = models.CharField(max_length=64, blank=True)
    thing_name = models.CharField(_("说的是哪件事"), max_length=300, blank=True)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    correction = models.CharField(_("更正了什么"), max_length=500, blank=True)
    # Until when everybody may write what they think of it; empty: nothing is asked.
    opinions_until = models.DateField(_("征求意见至"), null=True, blank=True)
    outcome = models.TextField(_("意见办理情况"), blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(rules.RELEASE_STATES), default="draft"
    )
    reviewed = models.BooleanField(_("发布前审查已做"), default=False)
    published_at = models.DateTimeField(_("发布时间"), null=True)
    by = post()
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("发布稿")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False, reviewed=True),
                name="press_release_reviewed_before",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(correction=""),
                name="press_release_correction_says_what",
            ),
        )

    def __str__(self) -> str:
        return self.headline

    def get_absolute_url(self) -> str:
        return reverse("press:release", args=[self.pk])

    def public_url(self) -> str:
        return reverse("public:release", args=[self.slug])

    @property
    def text(self) -> str:
        """All that is read: what is checked, and what the digest of a step is of."""
        return "\n".join((self.headline, self.subheadline, self.dateline, self.body, self.byline))


class ReleaseStep(Record):
    """发布稿的一步：谁在哪一稿上办了什么；`digest` 是那一稿的摘要。"""

    append_only: ClassVar[bool] = True

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(_("步骤"), max_length=10, choices=choices(rules.STEPS))
    state = models.CharField(_("状态"), max_length=10, choices=choices(rules.RELEASE_STATES))
    note = models.CharField(_("意见"), max_length=500, blank=True)
    digest = models.CharField(_("摘要"), max_length=64)
    by = post()

    class Meta:
        verbose_name = _("发布稿的一步")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.release} {self.step}"


class Figure(Record):
    """文中的一个数：在正文第几个字，指向哪个存数的哪一版，或所说那件事的哪个数，带什么口径。

    A figure of the thing itself (a report's, a project's) is kept as it was last compared: its
    code there, its name, value, scope and moment in words.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="figures")
    at = models.PositiveIntegerField(_("位置"))
    observation = models.ForeignKey(
        "facts.Observation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    code = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=60, blank=True)
    scope = models.CharField(max_length=200, blank=True)
    period = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("文中的数")
        ordering = ("at",)
        constraints = (
            models.UniqueConstraint(fields=["release", "at"], name="press_figure_once"),
            models.CheckConstraint(
                condition=Q(observation__isnull=False) | ~Q(code=""), name="press_figure_points"
            ),
        )

    def __str__(self) -> str:
        return f"{self.release} {self.at}"
