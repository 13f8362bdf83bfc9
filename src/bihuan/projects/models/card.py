"""The card of a project: what it is, its life, its batches, its level and plan by year."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices, post
from bihuan.base.models import Named, Record
from bihuan.projects import rules

AMOUNT: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}


class Project(Record, Named):
    """项目卡：一个项目是什么、在哪里、谁负责；阶段由一步步有佐证的登记得来，不能直接改。

    Amounts are in 万元. What is not known stays empty: nothing is guessed.
    """

    code = models.CharField(_("统一项目代码"), max_length=40, blank=True)
    kind = models.CharField(_("投资类别"), max_length=12, blank=True, choices=choices(rules.KINDS))
    industry = models.CharField(_("行业"), max_length=80, blank=True)
    builder = models.CharField(_("建设单位"), max_length=200, blank=True)
    content = models.TextField(_("建设内容"), blank=True)
    site = models.CharField(_("建设地点"), max_length=200, blank=True)
    plot = models.CharField(_("地块"), max_length=80, blank=True)
    geometry = models.JSONField(_("位置"), null=True, blank=True)
    total = models.DecimalField(_("总投资（万元）"), null=True, blank=True, **AMOUNT)
    unit = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("责任单位"),
    )  # fmt: skip
    leader = post(_("责任领导"))
    coordinator = post(_("项目协调员"))
    source = models.CharField(_("来源"), max_length=300, blank=True)
    note = models.TextField(_("备注"), blank=True)
    # Follow from the steps of its life; kept here so that lists can be filtered.
    stage = models.CharField(_("阶段"), max_length=20, blank=True, choices=choices(rules.STAGES))
    stage_on = models.DateField(_("到这一阶段的日期"), null=True, blank=True)
    side = models.CharField(max_length=12, blank=True, choices=choices(rules.SIDES))
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("项目")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code=""), name="projects_project_code"
            ),
            models.CheckConstraint(
                condition=Q(total__isnull=True) | Q(total__gt=0), name="projects_project_total"
            ),
        )

    def get_absolute_url(self) -> str:
        return reverse("projects:project", args=[self.pk])


class StageStep(Record):
    """阶段登记：到了哪一步、哪一天、以什么为证、谁登记的；只增不改，登记错了另作更正。"""

    append_only: ClassVar[bool] = True

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(_("步骤"), max_length=20, choices=choices(rules.STEPS))
    on = models.DateField(_("日期"))
    proof = models.ForeignKey("files.Version", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("说明"), max_length=300, blank=True)
    strikes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="struck_by"
    )
    by = post()

    class Meta:
        verbose_name = _("阶段登记")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(step=rules.STRUCK, strikes__isnull=False)
                | (~Q(step=rules.STRUCK) & Q(strikes__isnull=True)),
                name="projects_stagestep_strikes",
            ),
            models.CheckConstraint(
                condition=~Q(step__in=(rules.STRUCK, "suspended", "withdrawn")) | ~Q(reason=""),
                name="projects_stagestep_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.project} {_now(rules.STEPS[self.step])}"

    def get_absolute_url(self) -> str:
        return self.project.get_absolute_url()


class BatchTag(Record):
    """三个一批标签：哪一期、签约还是开工还是投产、哪一天；与省市重点互不相干。"""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="batches")
    edition = models.CharField(_("期次"), max_length=40)
    batch = models.CharField(_("批别"), max_length=10, choices=choices(rules.BATCHES))
    on = models.DateField(_("日期"))
    source = models.CharField(_("依据"), max_length=200, blank=True)
    removed = models.CharField(_("移出的原因"), max_length=300, blank=True)
    by = post()

    class Meta:
        verbose_name = _("三个一批标签")
        ordering = ("on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["project", "edition", "batch"], condition=Q(removed=""),
                name="projects_batchtag_once",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.project} {self.edition} {_now(rules.BATCHES[self.batch])}"

    def get_absolute_url(self) -> str:
        return self.project.get_absolute_url()


class KeyListing(Record):
    """省市重点名单：某年列为省重点、市重点，或移出；名单动态调整，新的为准，旧的保留。"""

    append_only: ClassVar[bool] = True

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="listings")
    year = models.PositiveSmallIntegerField(_("年度"))
    level = models.CharField(_("级别"), max_length=10, choices=choices(rules.LEVELS))
    source = models.CharField(_("依据"), max_length=200)
    by = post()

    class Meta:
        verbose_name = _("省市重点名单")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.year} {self.project} {_now(rules.LEVELS[self.level])}"


class YearPlan(Record):
    """年度计划：某年计划投资多少、是否计划开工、目标是什么；调整另登一版，写明原因。"""

    append_only: ClassVar[bool] = True

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="year_plans")
    year = models.PositiveSmallIntegerField(_("年度"))
    amount = models.DecimalField(_("年度计划投资（万元）"), **AMOUNT)
    starts = models.BooleanField(_("计划本年开工"), default=False)
    goal = models.CharField(_("年度目标"), max_length=300, blank=True)
    reason = models.CharField(_("调整的原因"), max_length=300, blank=True)
    by = post()

    class Meta:
        verbose_name = _("年度计划")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=Q(amount__gte=0), name="projects_yearplan_amount"),
        )

    def __str__(self) -> str:
        return f"{self.project} {self.year}"


class Issue(Record):
    """可提为问题的一件事：堵点、审批超时、漏报、延误等；由它一按即入台账，同一件只提一次。"""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="issues")
    kind = models.CharField(_("类别"), max_length=12, choices=choices(rules.ISSUES))
    key = models.CharField(max_length=60)
    title = models.CharField(_("问题"), max_length=200)

    class Meta:
        verbose_name = _("提为问题的事")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["project", "kind", "key"], name="projects_issue_once"),
        )

    def __str__(self) -> str:
        return f"{self.project} {self.title}"

    def get_absolute_url(self) -> str:
        return self.project.get_absolute_url()
