"""Schedule plans: versions, the approved one is the baseline, tasks never change."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices, post
from bihuan.base.models import Record
from bihuan.projects import rules
from bihuan.projects.models.card import Project


class SchedulePlan(Record):
    """施工计划：一版计划连同原文件；由另一人批准后成为基线，施工单位的更新只与基线比对。"""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField(_("版本"))
    kind = models.CharField(_("类别"), max_length=10, choices=choices(rules.PLAN_KINDS))
    title = models.CharField(_("标题"), max_length=200)
    status_on = models.DateField(_("数据日期"))
    file = models.ForeignKey(
        "files.Version", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    days = models.CharField(
        _("工期按"), max_length=10, choices=choices(rules.PLAN_DAYS), default="natural"
    )
    state = models.CharField(_("状态"), max_length=12, choices=choices(rules.PLAN_STATES))
    opinion = models.CharField(_("审批意见"), max_length=300, blank=True)
    decided_on = models.DateField(_("审批日期"), null=True, blank=True)
    decided_by = post()
    by = post()

    class Meta:
        verbose_name = _("施工计划")
        ordering = ("project", "number")
        constraints = (
            models.UniqueConstraint(
                fields=["project", "number"], name="projects_scheduleplan_number"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("baseline", "refused")) | Q(decided_on__isnull=False),
                name="projects_scheduleplan_decided",
            ),
        )

    def __str__(self) -> str:
        told = {"project": self.project, "n": self.number, "title": self.title}
        return _now("%(project)s 第 %(n)d 版计划：%(title)s") % told

    def get_absolute_url(self) -> str:
        return reverse("projects:plan", args=[self.project_id, self.pk])


class PlanTask(Record):
    """计划的一项任务：起止日期、完成百分比、前置任务；`base_*` 是文件自称的基线。"""

    append_only: ClassVar[bool] = True

    plan = models.ForeignKey(SchedulePlan, on_delete=models.PROTECT, related_name="tasks")
    order = models.PositiveIntegerField()
    key = models.CharField(_("编号"), max_length=60)
    name = models.CharField(_("任务"), max_length=200)
    start = models.DateField(_("开始"))
    finish = models.DateField(_("完成"))
    percent = models.PositiveSmallIntegerField(_("完成（%）"), null=True)
    after = models.JSONField(_("前置"), default=list)
    owner = models.CharField(_("责任单位或班组"), max_length=80, blank=True)
    base_start = models.DateField(_("基线开始"), null=True)
    base_finish = models.DateField(_("基线完成"), null=True)

    class Meta:
        verbose_name = _("计划任务")
        ordering = ("plan", "order")
        constraints = (
            models.UniqueConstraint(fields=["plan", "key"], name="projects_plantask_key"),
            models.CheckConstraint(
                condition=Q(finish__gte=F("start")), name="projects_plantask_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__lte=100),
                name="projects_plantask_percent",
            ),
        )

    def __str__(self) -> str:
        return self.name
