"""作业方案：which vehicle clears which streets when, every version with what it was made from."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.base.models import Record
from bihuan.jobs.models import CanonicalJSON
from bihuan.snow.models.storm import Storm, post
from bihuan.snow.rules import plan as rules


class Plan(Record):
    """作业方案：一版排好的线路，连同所依据的输入、种子和校验；一场雪同一时间只执行一版。

    Without a storm it stands ready for the next one. `tours` are those of the engine, by arcs of
    the network version; a new version never changes the one that it came from.
    """

    storm = models.ForeignKey(
        Storm, on_delete=models.PROTECT, null=True, blank=True, related_name="plans",
        verbose_name=_("降雪过程"),
    )  # fmt: skip
    before = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="after", verbose_name=_("上一版")
    )
    version = models.PositiveIntegerField(_("版次"), default=1)
    cause = models.CharField(
        _("为什么有这一版"), max_length=10, choices=choices(rules.CAUSES), default="first"
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(rules.STATES), default="waiting"
    )
    note = models.CharField(_("说明"), max_length=300, blank=True)
    starts_at = models.DateTimeField(_("出车令"))
    network = models.ForeignKey(
        "roads.NetworkVersion", on_delete=models.PROTECT, related_name="+", verbose_name=_("路网")
    )
    inputs = CanonicalJSON(_("输入"))
    inputs_digest = models.CharField(_("输入摘要"), max_length=64)
    seed = models.PositiveBigIntegerField(_("种子"), default=0)
    seconds = models.PositiveIntegerField(_("限时（秒）"), null=True)
    rounds = models.PositiveIntegerField(_("限轮数"), null=True)
    job = models.ForeignKey("jobs.Job", on_delete=models.PROTECT, null=True, related_name="+")
    tours = CanonicalJSON(_("线路"), null=True)
    tours_digest = models.CharField(_("线路摘要"), max_length=64, blank=True)
    told = models.JSONField(_("数"), null=True)
    at_once = models.BooleanField(_("排好即执行"), default=False)
    forced_at = models.DateTimeField(_("付诸执行"), null=True, editable=False)
    forced_by = post()
    replaced_at = models.DateTimeField(_("被替换"), null=True, editable=False)
    sample = models.BooleanField(default=False, editable=False)
    by = post()

    class Meta:
        verbose_name = _("作业方案")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["storm"], condition=Q(state="in_force"), name="snow_plan_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "failed"))
                | Q(tours__isnull=False, told__isnull=False),
                name="snow_plan_made_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("in_force", "replaced"))
                | Q(storm__isnull=False, forced_at__isnull=False),
                name="snow_plan_in_force_for_a_storm",
            ),
        )

    def __str__(self) -> str:
        return self.label()

    def label(self) -> str:
        """方案 12 第 2 版: the number of its first version would lead astray; each has its own."""
        told = {"n": self.pk, "version": self.version}
        return _now("方案 %(n)d（第 %(version)d 版）") % told

    def get_absolute_url(self) -> str:
        return reverse("snow:plan", args=[self.pk])


class WhatIf(Record):
    """假设：在一个方案上改一处，各排一遍，与不改的比；只是比较，不成为方案。"""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="questions")
    kind = models.CharField(_("假如"), max_length=10, choices=choices(rules.QUESTIONS))
    asked = models.JSONField(default=dict)
    seed = models.PositiveBigIntegerField(_("种子"), default=0)
    job = models.ForeignKey("jobs.Job", on_delete=models.PROTECT, null=True, related_name="+")
    told = models.JSONField(null=True)
    by = post()

    class Meta:
        verbose_name = _("方案的假设")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.plan} {_now(rules.QUESTIONS[self.kind])}"

    def get_absolute_url(self) -> str:
        return reverse("snow:whatif", args=[self.pk])
