"""Runs, their scores, what moves a rank most, and what of it became a warning."""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.assessment import rules
from bihuan.assessment.models.rounds import Round
from bihuan.assessment.models.schemes import Entrant
from bihuan.base.fields import choices
from bihuan.base.models import Record
from bihuan.jobs.models import CanonicalJSON


class Run(Record):
    """测算：一次计算：冻结的数据和方案、种子、引擎版本，和算出的得分；可逐位重现。"""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="runs")
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    job = models.ForeignKey("jobs.Job", on_delete=models.PROTECT, null=True, related_name="+")
    inputs = CanonicalJSON(_("输入"))
    inputs_digest = models.CharField(_("输入摘要"), max_length=64)
    seed = models.PositiveBigIntegerField(_("种子"))
    draws = models.PositiveIntegerField(_("抽样次数"))
    engine = models.CharField(_("引擎版本"), max_length=80, blank=True)
    digest = models.CharField(_("结果摘要"), max_length=64, blank=True)
    failed = CanonicalJSON(_("算不出的抽样"), default=list)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("测算")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.round} #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("assessment:run", args=[self.pk])

    @property
    def done(self) -> bool:
        return bool(self.digest)


class Score(Record):
    """得分：一次测算里一个单位的得分、位次、分类位次和它们的把握。"""

    append_only: ClassVar[bool] = True

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="scores")
    entrant = models.ForeignKey(Entrant, on_delete=models.PROTECT, related_name="scores")
    score = models.DecimalField(_("得分"), max_digits=12, decimal_places=6, null=True)
    rank = models.PositiveIntegerField(_("位次"))  # 0: unranked
    league_rank = models.PositiveIntegerField(_("分类位次"))
    low = models.PositiveIntegerField(_("位次区间上端"))
    high = models.PositiveIntegerField(_("位次区间下端"))
    in_top = models.DecimalField(_("进入前列的概率"), max_digits=6, decimal_places=4)
    in_last = models.DecimalField(_("列本类末位的概率"), max_digits=6, decimal_places=4)
    rose = models.DecimalField(_("确有上升的概率"), max_digits=6, decimal_places=4, null=True)

    class Meta:
        verbose_name = _("得分")
        ordering = ("run", "rank", "pk")
        constraints = (
            models.UniqueConstraint(fields=["run", "entrant"], name="assessment_score_once"),
        )

    def __str__(self) -> str:
        return f"{self.entrant} {self.score} ({self.rank})"

    def get_absolute_url(self) -> str:
        return reverse("assessment:entrant", args=[self.run_id, self.entrant.code])


class Sensitivity(Record):
    """敏感性分析：哪种做法最左右一个单位的位次、是否进入前列；一次作业算出，此后不变。"""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="sensitivities")
    entrant = models.ForeignKey(Entrant, on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey("jobs.Job", on_delete=models.PROTECT, null=True, related_name="+")
    draws = models.PositiveIntegerField(_("每块的抽样次数"))
    seed = models.PositiveBigIntegerField(_("种子"))
    engine = models.CharField(_("引擎版本"), max_length=80, blank=True)
    told = CanonicalJSON(_("结果"), null=True)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("敏感性分析")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.entrant} #{self.run_id}"

    def get_absolute_url(self) -> str:
        return reverse("assessment:sensitivity", args=[self.run_id, self.entrant.code])


class Issue(Record):
    """预警：测算里看出的一处短板、退出风险或数据矛盾，提出为问题时留下的由来。"""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="issues")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="issues")
    entrant = models.ForeignKey(Entrant, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("类别"), max_length=10, choices=choices(rules.ISSUES))
    node_code = models.SlugField(_("指标"), max_length=60, blank=True)
    title = models.CharField(_("预警"), max_length=200)

    class Meta:
        verbose_name = _("预警")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["round", "entrant", "kind", "node_code"], name="assessment_issue_once"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        if self.run_id is None:
            return self.round.get_absolute_url()
        return reverse("assessment:entrant", args=[self.run_id, self.entrant.code])
