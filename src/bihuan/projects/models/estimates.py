"""Estimates: what may come of a plan, or of all preliminary work, computed as a job and kept."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices, post
from bihuan.base.models import Record
from bihuan.jobs.models import CanonicalJSON
from bihuan.projects import rules
from bihuan.projects.models.plans import SchedulePlan


class Estimate(Record):
    """推演：一版计划的工期风险或班组均衡，或全部项目前期步骤的均衡；一次作业算出，此后不变。"""

    kind = models.CharField(_("类别"), max_length=10, choices=choices(rules.ESTIMATES))
    plan = models.ForeignKey(
        SchedulePlan, on_delete=models.PROTECT, null=True, related_name="estimates"
    )
    job = models.ForeignKey("jobs.Job", on_delete=models.PROTECT, null=True, related_name="+")
    seed = models.PositiveBigIntegerField(_("种子"))
    told = CanonicalJSON(_("结果"), null=True)
    by = post()

    class Meta:
        verbose_name = _("推演")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="steps", plan__isnull=True)
                | Q(kind__in=("risk", "crews"), plan__isnull=False),
                name="projects_estimate_of_what",
            ),
        )

    def __str__(self) -> str:
        kind = _now(rules.ESTIMATES[self.kind])
        return kind if self.plan is None else f"{self.plan} · {kind}"

    def get_absolute_url(self) -> str:
        if self.plan is None:
            return reverse("projects:levelling")
        return reverse(f"projects:plan-{self.kind}", args=[self.plan.project_id, self.plan_id])
