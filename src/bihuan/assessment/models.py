"""Schemes, rounds, what was declared, runs and their scores: nouns and constraints."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.assessment import rules
from bihuan.base.fields import choices
from bihuan.base.models import Named, Record
from bihuan.jobs.models import CanonicalJSON


class Scheme(Record, Named):
    """评价方案：一版指标、权重和算法；一经用于测算即冻结，要改就另立一版。"""

    code = models.SlugField(_("代码"), max_length=60)
    version = models.PositiveSmallIntegerField(_("版次"), default=1)
    subject = models.CharField(_("评价对象"), max_length=10, choices=choices(rules.SUBJECTS))
    first_round = models.PositiveSmallIntegerField(_("自考核年度起用"))
    last_round = models.PositiveSmallIntegerField(_("末次考核年度"), null=True, blank=True)
    indicator_count = models.PositiveSmallIntegerField(_("应有指标数"), null=True, blank=True)
    method = CanonicalJSON(_("算法"), default=dict)
    draws = models.PositiveIntegerField(_("抽样次数"), default=400)
    frozen = models.BooleanField(_("已冻结"), default=False)
    basis = models.CharField(_("依据"), max_length=300, blank=True)
    note = models.TextField(_("备注"), blank=True)
    note_en = models.TextField(_("英文备注"), blank=True)

    class Meta:
        verbose_name = _("评价方案")
        ordering = ("subject", "first_round", "code", "version")
        constraints = (
            models.UniqueConstraint(fields=["code", "version"], name="assessment_scheme_version"),
            models.CheckConstraint(
                condition=Q(last_round__isnull=True) | Q(last_round__gte=F("first_round")),
                name="assessment_scheme_rounds_in_order",
            ),
        )

    def get_absolute_url(self) -> str:
        return reverse("assessment:scheme", args=[self.pk])


class Node(Record, Named):
    """方案里的一项：指标或一级指标；权重未公布的为空，不填 0。"""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="nodes")
    code = models.SlugField(_("代码"), max_length=60)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    number = models.PositiveSmallIntegerField(_("序号"), default=0)
    weight = models.DecimalField(_("权重"), max_digits=7, decimal_places=3, null=True, blank=True)
    lower_is_better = models.BooleanField(_("越小越好"), default=False)
    measure = models.CharField(_("计量单位"), max_length=20, blank=True)
    # Where its values come from: an indicator of `facts` by its code, which may be met with only
    # later (a file brings it); or a count of the ledger.
    figure = models.SlugField(_("数据指标"), max_length=60, blank=True)
    count = models.CharField(
        _("台账统计"), max_length=30, blank=True, choices=choices(rules.COUNTS)
    )
    indicator_count = models.PositiveSmallIntegerField(_("应有指标数"), null=True, blank=True)
    # The figure that this one usually goes with: a ratio far from everybody else's is asked about.
    ratio_to = models.SlugField(_("比对指标"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("方案指标")
        ordering = ("scheme", "number", "pk")
        constraints = (
            models.UniqueConstraint(fields=["scheme", "code"], name="assessment_node_one_code"),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(weight__gte=0),
                name="assessment_node_weight_not_negative",
            ),
        )


class Entrant(Record, Named):
    """参评单位：本区、别的开发区，或本区的一个单位；分类（东、中、西部）据此。"""

    code = models.SlugField(_("代码"), max_length=60, unique=True)
    league = models.CharField(_("分类"), max_length=20, choices=choices(rules.LEAGUES))
    unit = models.OneToOneField(
        "people.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sample = models.BooleanField(_("示例数据"), default=False)

    class Meta:
        verbose_name = _("参评单位")
        ordering = ("code",)


class Round(Record):
    """考核轮次：一个考核年度的一次评价；数据年度另记；冻结以后数据不再变。"""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="rounds")
    assess_year = models.PositiveSmallIntegerField(_("考核年度"))
    data_year = models.PositiveSmallIntegerField(_("数据年度"))
    state = models.CharField(
        _("状态"), max_length=12, choices=choices(rules.STATES), default="filling"
    )
    sample = models.BooleanField(_("示例数据"), default=False)
    digest = models.CharField(_("数据摘要"), max_length=64, blank=True)
    submitted_by = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("考核轮次")
        ordering = ("-assess_year", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["scheme", "assess_year"], name="assessment_round_one_year"
            ),
            models.CheckConstraint(
                condition=Q(data_year__lte=F("assess_year")), name="assessment_round_data_before"
            ),
            models.CheckConstraint(
                condition=~Q(state="frozen") | ~Q(digest=""), name="assessment_round_frozen_digest"
            ),
        )

    def __str__(self) -> str:
        return f"{self.scheme.name} {self.assess_year}"

    def get_absolute_url(self) -> str:
        return reverse("assessment:round", args=[self.pk])


class Cell(Record):
    """填报格：一个单位一项指标的一个数，连同它的来历；改正另登一版，旧的不动。"""

    append_only: ClassVar[bool] = True

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="cells")
    entrant = models.ForeignKey(Entrant, on_delete=models.PROTECT, related_name="cells")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="cells")
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    value = models.DecimalField(_("数值"), max_digits=28, decimal_places=8, null=True, blank=True)
    origin = models.CharField(_("来历"), max_length=12, choices=choices(rules.ORIGINS))
    observation = models.ForeignKey(
        "facts.Observation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    source = models.CharField(_("依据"), max_length=300)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("填报格")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["round", "entrant", "node", "version"], name="assessment_cell_one_version"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="assessment_cell_has_source"),
            models.CheckConstraint(
                condition=~Q(origin="facts") | Q(observation__isnull=False),
                name="assessment_cell_facts_has_figure",
            ),
        )

    def __str__(self) -> str:
        return f"{self.entrant} {self.node} {self.value}"


class PeerRow(Record):
    """同伴数据：别的开发区的一行数；只供比较，不逐格追溯，来源整行注明。"""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="peers")
    entrant = models.ForeignKey(Entrant, on_delete=models.PROTECT, related_name="+")
    values = CanonicalJSON(_("各项数值"))
    source = models.CharField(_("来源"), max_length=300)
    sample = models.BooleanField(_("示例数据"), default=False)

    class Meta:
        verbose_name = _("同伴数据")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["round", "entrant"], name="assessment_peer_once"),
        )

    def __str__(self) -> str:
        return f"{self.round} {self.entrant}"


class Point(Record):
    """加减分：对一个单位加或减若干分，写明理由和依据；只增，改正用相反的一条。"""

    append_only: ClassVar[bool] = True

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="points")
    entrant = models.ForeignKey(Entrant, on_delete=models.PROTECT, related_name="+")
    points = models.DecimalField(_("分数"), max_digits=7, decimal_places=3)
    reason = models.CharField(_("理由"), max_length=200)
    basis = models.CharField(_("依据"), max_length=200)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("加减分")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(points=0), name="assessment_point_not_zero"),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(basis=""), name="assessment_point_says_why"
            ),
        )

    def __str__(self) -> str:
        return f"{self.entrant} {self.points} {self.reason}"


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
