"""Job: one computation with all that is needed to run it again, and what came of it."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.base.models import Record
from bihuan.jobs import rules


class CanonicalJSON(models.TextField):  # type: ignore[type-arg]  # the stub's parameters are not there at run time
    """JSON kept as canonical text, so that both databases give back the bytes that were hashed.

    A jsonb column would not: it turns 1e22 into a whole number and drops the sign of -0.0.
    """

    def from_db_value(self, value: str | None, *_rest: Any) -> Any:
        return None if value is None else rules.read(value)

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else rules.canonical(value)

    def to_python(self, value: Any) -> Any:
        return value


class Job(Record):
    """作业：一次长计算：输入及其摘要、种子、程序版本、进度、结果。"""

    kind = models.CharField(_("种类"), max_length=60, db_index=True)
    title = models.CharField(_("名称"), max_length=200)
    state = models.CharField(
        _("状态"),
        max_length=20,
        choices=[(code, _(label)) for code, label in rules.STATES.items()],
        default="waiting",
        db_index=True,
    )
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    inputs = CanonicalJSON(_("输入"))
    inputs_digest = models.CharField(_("输入摘要"), max_length=64)
    seed = models.PositiveBigIntegerField(_("种子"))
    engine_version = models.CharField(_("程序版本"), max_length=80)

    done = models.PositiveBigIntegerField(_("已完成"), default=0)
    total = models.PositiveBigIntegerField(_("总量"), default=0)
    message = models.CharField(_("进度说明"), max_length=200, blank=True)
    wanted_stop = models.BooleanField(_("已要求停止"), default=False)

    result = CanonicalJSON(_("结果"), null=True)
    fault = models.TextField(_("未完成的原因"), blank=True)
    started_at = models.DateTimeField(_("开始"), null=True)
    finished_at = models.DateTimeField(_("结束"), null=True)
    # Which process took it on: at the next start whatever that process left behind is lost.
    process = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("作业")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=tuple(rules.STATES)), name="jobs_job_known_state"
            ),
            models.CheckConstraint(
                condition=Q(state__in=rules.UNFINISHED, finished_at__isnull=True)
                | Q(state__in=rules.ENDED, finished_at__isnull=False),
                name="jobs_job_ended_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("running", "done")) | Q(started_at__isnull=False),
                name="jobs_job_started_has_time",
            ),
            models.CheckConstraint(
                condition=Q(started_at__isnull=True)
                | Q(finished_at__isnull=True)
                | Q(finished_at__gte=F("started_at")),
                name="jobs_job_times_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state="done", result__isnull=False)
                | (~Q(state="done") & Q(result__isnull=True)),
                name="jobs_job_done_has_result",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(fault=""), name="jobs_job_failed_says_why"
            ),
            models.CheckConstraint(
                condition=Exact(Length("inputs_digest"), 64), name="jobs_job_digest"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("jobs:job", args=[self.pk])
