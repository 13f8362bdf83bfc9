"""Preliminary work of one project: its steps, their clocks and stops, documents that expire."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices, post
from bihuan.base.models import Named, Record
from bihuan.projects import rules
from bihuan.projects.models.card import Project
from bihuan.projects.models.library import StepRule


class WorkStep(Record, Named):
    """前期步骤：一个项目要办的一步；时限取受理那天有效的规定，以后规定改了也不变。

    Before it is accepted `rule` is the row of the library it was laid out from.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="work")
    code = models.SlugField(_("代码"), max_length=40)
    order = models.PositiveSmallIntegerField(_("次序"))
    rule = models.ForeignKey(StepRule, on_delete=models.PROTECT, related_name="+")
    blocks_start = models.BooleanField(_("开工前须办"), default=True)
    joint = models.BooleanField(_("列入联审联批"), default=True)
    after = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="before")
    unit = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("牵头部门"),
    )  # fmt: skip
    assist = models.ManyToManyField(
        "people.Unit", blank=True, related_name="+", verbose_name=_("配合部门")
    )
    planned_on = models.DateField(_("计划办结"), null=True, blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(rules.WORK_STATES), default="waiting"
    )
    accepted_on = models.DateField(_("受理日期"), null=True, blank=True)
    extended = models.CharField(_("延长的理由"), max_length=300, blank=True)
    done_on = models.DateField(_("办结日期"), null=True, blank=True)
    proof = models.ForeignKey(
        "files.Version", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    document_number = models.CharField(_("证件编号"), max_length=80, blank=True)
    issued_on = models.DateField(_("发证日期"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("前期步骤")
        ordering = ("project", "order", "pk")
        constraints = (
            models.UniqueConstraint(fields=["project", "code"], name="projects_workstep_once"),
            models.CheckConstraint(
                condition=~Q(state__in=("running", "done")) | Q(accepted_on__isnull=False),
                name="projects_workstep_accepted",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_on__isnull=False, proof__isnull=False),
                name="projects_workstep_proven",
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(done_on__gte=F("accepted_on")),
                name="projects_workstep_days_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(state="skipped") | ~Q(note=""), name="projects_workstep_says_why"
            ),
        )

    def __str__(self) -> str:
        return f"{self.project} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("projects:work-step", args=[self.project_id, self.pk])


class WorkStop(Record):
    """停钟：公示、听证、专家评审等不计入时限的一段，首尾两天都不算。"""

    step = models.ForeignKey(WorkStep, on_delete=models.PROTECT, related_name="stops")
    kind = models.SlugField(_("情形"), max_length=40)
    first = models.DateField(_("自"))
    last = models.DateField(_("至"), null=True, blank=True)
    reason = models.CharField(_("说明"), max_length=300, blank=True)
    by = post()

    class Meta:
        verbose_name = _("停钟")
        ordering = ("first", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(last__isnull=True) | Q(last__gte=F("first")),
                name="projects_workstop_days_in_order",
            ),
            models.UniqueConstraint(
                fields=["step"], condition=Q(last__isnull=True), name="projects_workstop_one_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.step} {self.kind}"


class WorkRenewal(Record):
    """证件延期：哪天准予延期，以什么为证；每证至多几次由步骤库定。"""

    append_only: ClassVar[bool] = True

    step = models.ForeignKey(WorkStep, on_delete=models.PROTECT, related_name="renewals")
    on = models.DateField(_("准予延期的日期"))
    proof = models.ForeignKey("files.Version", on_delete=models.PROTECT, related_name="+")
    by = post()

    class Meta:
        verbose_name = _("证件延期")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.step} {self.on}"
