"""Frameworks, indicators, periods, submissions, observations and doubts: nouns and constraints."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.base.models import Named, Record
from bihuan.facts import terms


class Term(Record):
    """用语：办公室自己登记的计量单位、统计量词、限定词和别样写法，加在原有的用语之上。"""

    kind = models.CharField(_("类别"), max_length=20, choices=choices(terms.TERM_KINDS))
    word = models.CharField(_("写法"), max_length=200)
    meaning = models.CharField(_("含义"), max_length=200, blank=True)
    currency = models.CharField(_("货币"), max_length=3, blank=True)
    factor = models.DecimalField(_("换算"), max_digits=28, decimal_places=8, default=1)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    retired = models.BooleanField(_("已停用"), default=False)

    class Meta:
        verbose_name = _("用语")
        ordering = ("kind", "word")
        constraints = (
            models.UniqueConstraint(fields=["kind", "word"], name="facts_term_one_word"),
            models.CheckConstraint(condition=Q(factor__gt=0), name="facts_term_factor_positive"),
        )

    def __str__(self) -> str:
        return self.word

    def get_absolute_url(self) -> str:
        return reverse("facts:term", args=[self.pk])


class Framework(Record, Named):
    """指标体系：一版考核办法的指标框架；哪几轮考核用它。"""

    code = models.SlugField(_("代码"), max_length=60, unique=True)
    edition = models.CharField(_("版本"), max_length=60, blank=True)
    first_round = models.PositiveSmallIntegerField(_("首次用于考核年度"), null=True, blank=True)
    last_round = models.PositiveSmallIntegerField(_("末次用于考核年度"), null=True, blank=True)
    note = models.TextField(_("备注"), blank=True)

    class Meta:
        verbose_name = _("指标体系")
        ordering = ("code",)

    def get_absolute_url(self) -> str:
        return reverse("facts:framework", args=[self.pk])


class Group(Record, Named):
    """一级指标：指标体系里的一组，可带权重。"""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="groups")
    number = models.PositiveSmallIntegerField(_("序号"), default=0)
    weight = models.DecimalField(
        _("权重（%）"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    indicator_count = models.PositiveSmallIntegerField(_("指标个数"), null=True, blank=True)
    source = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("一级指标")
        ordering = ("framework", "number", "pk")
        constraints = (
            models.UniqueConstraint(fields=["framework", "name"], name="facts_group_one_name"),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(weight__gte=0, weight__lte=100),
                name="facts_group_weight_is_percent",
            ),
        )


class Indicator(Record, Named):
    """指标：量什么、用什么单位、越大越好还是越小越好；占比另记分子、分母和整体。"""

    code = models.SlugField(_("代码"), max_length=60, unique=True)
    group = models.ForeignKey(
        Group,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="indicators",
        verbose_name=_("一级指标"),
    )
    number = models.PositiveSmallIntegerField(_("序号"), default=999)
    measure = models.CharField(_("计量单位"), max_length=20, blank=True)
    currency = models.CharField(_("货币"), max_length=3, blank=True)
    direction = models.CharField(
        _("方向"), max_length=10, choices=choices(terms.DIRECTIONS), default="none"
    )
    kind = models.CharField(_("类型"), max_length=10, choices=choices(terms.KINDS), default="flow")
    numerator = models.CharField(_("分子"), max_length=200, blank=True)
    denominator = models.CharField(_("分母"), max_length=200, blank=True)
    of_whole = models.CharField(_("整体所属单位"), max_length=120, blank=True)
    part_indicator = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("分子指标"),
    )
    whole_indicator = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("分母指标"),
    )
    bureau = models.ForeignKey(
        "people.Unit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("牵头部门"),
    )
    formula = models.TextField(_("计算方法"), blank=True)
    note = models.TextField(_("备注"), blank=True)
    # Internal figures (scores of a unit): only roles that hold this verb see them.
    verb = models.CharField(_("查看所需权限"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("指标")
        ordering = ("number", "code")
        indexes = (models.Index(fields=["name"], name="facts_indicator_name"),)

    def get_absolute_url(self) -> str:
        return reverse("facts:indicator", args=[self.pk])


class Period(Record):
    """评价期：一年、一季、一天、一次事件或一个时点；考核年度与数据年度分开记。"""

    code = models.CharField(_("代码"), max_length=60, unique=True)
    label = models.CharField(_("写法"), max_length=80)
    kind = models.CharField(_("类型"), max_length=10, choices=choices(terms.PERIOD_KINDS))
    starts = models.DateField(_("起"))
    ends = models.DateField(_("止"), null=True, blank=True)
    at = models.DateTimeField(_("时点"), null=True, blank=True)
    assess_year = models.PositiveSmallIntegerField(_("考核年度"), null=True, blank=True)
    data_year = models.PositiveSmallIntegerField(_("数据年度"), null=True, blank=True)

    class Meta:
        verbose_name = _("评价期")
        ordering = ("starts", "code")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=models.F("starts")),
                name="facts_period_days_in_order",
            ),
        )

    def __str__(self) -> str:
        return self.label


class Submission(Record):
    """填报批次：一个单位一个时期的一次填报，或交来的一份文件，连同文件自己的核对说明。

    A file may hold several periods, so its submission has none of its own. `by` opened it; who
    handed it in last is `submitted_by`, and never the one who accepts it.
    """

    unit = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("单位")
    )
    period = models.ForeignKey(
        Period, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("时期")
    )
    title = models.CharField(_("标题"), max_length=200)
    file_name = models.CharField(_("文件"), max_length=200, blank=True)
    digest = models.CharField(_("摘要"), max_length=64, blank=True, db_index=True)
    state = models.CharField(
        _("状态"), max_length=20, choices=choices(terms.SUBMISSION_STATES), default="draft"
    )
    notes = models.TextField(_("文件自带的核对说明"), blank=True)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")
    submitted_by = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("填报批次")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("facts:submission", args=[self.pk])


class Observation(Record):
    """观测值：某单位某指标某时期某口径的一个数；只增新版，不改旧的，也不互相推算。"""

    append_only: ClassVar[bool] = True

    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="observations")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="observations")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="observations")
    scope = models.CharField(_("口径"), max_length=200, blank=True)
    # The scope folded to one wording: what makes two figures versions of the same one.
    scope_key = models.CharField(max_length=200, blank=True)
    version = models.PositiveSmallIntegerField(_("版本"), default=1)

    value = models.DecimalField(_("数值"), max_digits=28, decimal_places=8, null=True, blank=True)
    places = models.PositiveSmallIntegerField(default=0)  # decimal places as printed
    text = models.CharField(_("文字"), max_length=200, blank=True)
    measure = models.CharField(_("计量单位"), max_length=20, blank=True)
    currency = models.CharField(_("货币"), max_length=3, blank=True)
    kind = models.CharField(_("类型"), max_length=10, choices=choices(terms.KINDS), default="flow")
    as_of = models.DateTimeField(_("截止时间"), null=True, blank=True)
    approximate = models.BooleanField(_("约数"), default=False)
    lower_bound = models.BooleanField(_("下限"), default=False)

    change = models.DecimalField(_("变动"), max_digits=28, decimal_places=8, null=True, blank=True)
    change_places = models.PositiveSmallIntegerField(default=0)
    change_unit = models.CharField(_("变动的单位"), max_length=10, blank=True)
    change_kind = models.CharField(
        _("变动类型"), max_length=20, blank=True, choices=choices(terms.CHANGE_KINDS)
    )
    change_text = models.CharField(_("变动的原话"), max_length=100, blank=True)
    base_period = models.ForeignKey(
        Period, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("基期")
    )

    quote = models.TextField(_("原文"))
    source = models.CharField(_("来源"), max_length=300, blank=True)
    to_verify = models.BooleanField(_("待核实"), default=False)
    year_inferred = models.BooleanField(_("年份为推断"), default=False)
    note = models.TextField(_("备注"), blank=True)
    reason = models.TextField(_("修订原因"), blank=True)
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, null=True, related_name="observations"
    )
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("观测值")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["unit", "indicator", "period", "scope_key", "version"],
                name="facts_observation_one_version",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(text=""),
                name="facts_observation_says_something",
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""), name="facts_observation_revised_for_reason"
            ),
            models.CheckConstraint(condition=~Q(quote=""), name="facts_observation_has_quote"),
        )

    def __str__(self) -> str:
        number = "" if self.value is None else f"{self.value:.{self.places}f}"
        return f"{self.unit} {self.indicator} {self.period} {number or self.text}{self.measure}"

    def get_absolute_url(self) -> str:
        return reverse("facts:observation", args=[self.pk])


class Doubt(Record):
    """疑点：数与数、数与原文之间对不上的地方；数都保留，疑点由人了结或提出为问题。"""

    rule = models.CharField(_("规则"), max_length=40, db_index=True)
    severity = models.CharField(_("程度"), max_length=10, choices=choices(terms.SEVERITIES))
    # The Chinese sentence as it was found, for the audit; pages make it anew in each language.
    name = models.CharField(_("疑点"), max_length=300)
    params = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, unique=True)
    state = models.CharField(
        _("状态"),
        max_length=10,
        choices=choices(terms.DOUBT_STATES),
        default="open",
        db_index=True,
    )
    note = models.TextField(_("了结说明"), blank=True)
    settled_by = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)

    # What it became, by generic key: rooms above are not imported.
    thing_type = models.CharField(max_length=100, blank=True)
    thing_id = models.CharField(max_length=64, blank=True)
    thing_name = models.CharField(max_length=300, blank=True)

    observations: "models.ManyToManyField[Observation, Concern]" = models.ManyToManyField(
        Observation, through="Concern", related_name="doubts"
    )

    class Meta:
        verbose_name = _("疑点")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("facts:doubt", args=[self.pk])


class Concern(models.Model):
    """疑点涉及的一个数，以及它在其中的角色（占比、部分、整体……）。"""

    doubt = models.ForeignKey(Doubt, on_delete=models.PROTECT, related_name="concerns")
    observation = models.ForeignKey(Observation, on_delete=models.PROTECT, related_name="concerns")
    role = models.CharField(max_length=20)

    class Meta:
        verbose_name = _("疑点涉及的数")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["doubt", "observation", "role"], name="facts_concern_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.doubt_id} {self.role} {self.observation_id}"
