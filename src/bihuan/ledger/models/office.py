"""What the office keeps around its findings: rule tables, imports, slips, samples, tokens."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.base.models import Record
from bihuan.ledger import rules
from bihuan.ledger.models.finding import Finding


class TableVersion(Record):
    """一张规则表的一版：改动另存新版，旧版永远可查。 What rule tables of every room are made of."""

    append_only: ClassVar[bool] = True

    code = models.SlugField(_("代码"), max_length=40)
    version = models.PositiveIntegerField(_("版本"))
    rows = models.JSONField(_("内容"))
    source = models.CharField(_("依据"), max_length=200)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True
        ordering = ("code", "version")

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class RuleTable(TableVersion):
    """规则表：办公室自己定的一张表的一版；改动另存新版，旧版永远可查。"""

    class Meta(TableVersion.Meta):
        verbose_name = _("规则表")
        constraints = (
            models.UniqueConstraint(fields=["code", "version"], name="ledger_rule_table_version"),
            models.CheckConstraint(condition=~Q(source=""), name="ledger_rule_table_source"),
        )


class Intake(Record):
    """导入：一份工作簿，先看后存；确认之前台账不变，原件永远保留。"""

    version = models.ForeignKey("files.Version", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(rules.INTAKE_STATES), default="preview"
    )
    year = models.PositiveSmallIntegerField(_("填报年度"), null=True, blank=True)
    # What a person answered: a written unit name → the unit's code, or "" for none of ours.
    answers = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("导入")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return str(self.version)

    def get_absolute_url(self) -> str:
        return reverse("ledger:intake", args=[self.pk])


class ImportedRow(Record):
    """导入的一行：工作簿里每一格的原文，一字不改。"""

    append_only: ClassVar[bool] = True

    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="rows")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="imported")
    sheet = models.CharField(_("工作表"), max_length=120)
    number = models.PositiveIntegerField(_("行号"))
    cells = models.JSONField(_("原文"))

    class Meta:
        verbose_name = _("导入的一行")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.sheet} {self.number}"


class Notice(Record):
    """催办：按催办阶梯到了哪一级，何时发给谁；同一时限同一级只发一次。"""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="notices")
    rung = models.SlugField(_("级"), max_length=40)
    name = models.CharField(_("名称"), max_length=60)
    # The form it takes: a row of the rule table of slips, as it stood when this was sent.
    slip = models.SlugField(_("形式"), max_length=40)
    to_sign = models.BooleanField(_("须签收"), default=True)
    due = models.DateField(_("所催的时限"))
    day = models.DateField(_("日期"))
    to = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")
    # Who sent or approved it; empty where the daily run did.
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")
    number = models.CharField(_("单号"), max_length=30, blank=True)
    # Claimed by a run that is sending it; a run that died in between lets go after a while.
    claimed_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(_("发邮件时间"), null=True)
    seen_by = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, related_name="+"
    )
    seen_at = models.DateTimeField(_("签收时间"), null=True)

    class Meta:
        verbose_name = _("催办")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=["finding", "rung", "due"], name="ledger_notice_once"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.finding}"

    def get_absolute_url(self) -> str:
        return reverse("ledger:notice", args=[self.pk])


class Sample(Record):
    """回头看抽样：由公布的种子从应查的问题里抽取，任何人都可以重抽核对。"""

    append_only: ClassVar[bool] = True

    seed = models.CharField(_("种子"), max_length=120)
    source = models.CharField(_("种子出处"), max_length=200)
    day = models.DateField(_("抽样日期"))
    # The numbers that could have been drawn with their risk, and those that were drawn, in order.
    population = models.JSONField(_("总体"))
    shares = models.JSONField(_("抽查比例"))
    drawn = models.JSONField(_("抽中"))
    digest = models.CharField(_("总体摘要"), max_length=64)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("回头看抽样")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.seed

    def get_absolute_url(self) -> str:
        return reverse("ledger:sample", args=[self.pk])


class Sign(Record):
    """纸面整改的迹象：只提示要再看一次，不下结论。"""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="signs")
    round = models.PositiveSmallIntegerField(_("轮次"))
    code = models.SlugField(_("迹象"), max_length=40)
    note = models.CharField(_("说明"), max_length=300)

    class Meta:
        verbose_name = _("纸面整改的迹象")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["finding", "round", "code"], name="ledger_sign_once"),
        )

    def __str__(self) -> str:
        return self.note


class Token(Record):
    """接口令牌：别的系统凭它以某一任职办理；只存摘要，不存令牌。"""

    name = models.CharField(_("用途"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    post = models.ForeignKey("people.Post", on_delete=models.PROTECT, related_name="+")
    valid_to = models.DateField(_("有效期至"))
    ended_at = models.DateTimeField(_("停用时间"), null=True)
    used_on = models.DateField(_("最近使用"), null=True)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("接口令牌")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.name
