"""Schemes with their indicators and rules for points, and who can be rated."""

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


class PointRule(Record, Named):
    """加减分规则：方案里的一条：加几分还是减几分、最多几分、什么情形触发、依据什么。

    One that an event triggers is applied by hand, a `Point` at a time; without `points` the amount
    is settled each time. Any other is applied by the engine where a node's score meets `limit`.
    """

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="point_rules")
    code = models.SlugField(_("代码"), max_length=60)
    number = models.PositiveSmallIntegerField(_("序号"), default=0)
    points = models.DecimalField(_("分数"), max_digits=7, decimal_places=3, null=True, blank=True)
    cap = models.DecimalField(_("累计最多"), max_digits=7, decimal_places=3, null=True, blank=True)
    trigger = models.CharField(_("触发"), max_length=10, choices=choices(rules.TRIGGERS))
    node = models.ForeignKey(Node, on_delete=models.PROTECT, null=True, related_name="+")
    limit = models.DecimalField(_("界限"), max_digits=12, decimal_places=4, null=True, blank=True)
    basis = models.CharField(_("依据"), max_length=300)

    class Meta:
        verbose_name = _("加减分规则")
        ordering = ("scheme", "number", "pk")
        constraints = (
            models.UniqueConstraint(fields=["scheme", "code"], name="assessment_rule_one_code"),
            models.CheckConstraint(condition=~Q(points=0), name="assessment_rule_not_zero"),
            models.CheckConstraint(
                condition=Q(points__isnull=False) | Q(cap__isnull=False),
                name="assessment_rule_amount_or_cap",
            ),
            models.CheckConstraint(
                condition=Q(cap__isnull=True) | Q(cap__gt=0), name="assessment_rule_cap_positive"
            ),
            models.CheckConstraint(
                condition=Q(trigger="event", node__isnull=True, limit__isnull=True)
                | (
                    ~Q(trigger="event")
                    & Q(node__isnull=False, limit__isnull=False, points__isnull=False)
                ),
                name="assessment_rule_event_or_test",
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="assessment_rule_has_basis"),
        )

    def get_absolute_url(self) -> str:
        return reverse("assessment:rule", args=[self.scheme_id, self.code])


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

    def get_absolute_url(self) -> str:
        return reverse("assessment:who", args=[self.code])
