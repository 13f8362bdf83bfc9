"""Official papers: templates that an office changes, papers filled from a record, issued once."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices, post
from bihuan.base.models import Record
from bihuan.press import rules


class Template(Record):
    """公文模板：一种公文的一版模板，纯文字；改动只加新版。"""

    append_only: ClassVar[bool] = True

    kind = models.CharField(_("文种"), max_length=20)
    version = models.PositiveSmallIntegerField(_("版本"))
    text = models.TextField(_("模板"))
    source = models.CharField(_("依据"), max_length=300)
    by = post()

    class Meta:
        verbose_name = _("公文模板")
        ordering = ("kind", "-version")
        constraints = (
            models.UniqueConstraint(fields=["kind", "version"], name="press_template_version"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("press:template", args=[self.kind])


class Paper(Record):
    """公文：由记录填成草稿，可改；印发时编号、存档、印上审计链根，此后不变，只能作废重发。"""

    kind = models.CharField(_("文种"), max_length=20)
    source_id = models.CharField(_("由哪条记录填写"), max_length=60, blank=True)
    title = models.CharField(_("标题"), max_length=200)
    text = models.TextField(_("文稿"))
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(rules.PAPER_STATES), default="draft"
    )
    word = models.CharField(_("发文代字"), max_length=20, blank=True)
    year = models.PositiveSmallIntegerField(_("年份"), null=True)
    serial = models.PositiveIntegerField(_("序号"), null=True)
    issued_on = models.DateField(_("印发日期"), null=True)
    root = models.CharField(_("审计链根"), max_length=64, blank=True)
    pdf = models.ForeignKey("files.Version", on_delete=models.PROTECT, null=True, related_name="+")
    docx = models.ForeignKey("files.Version", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("作废的原因"), max_length=300, blank=True)
    by = post()
    issued_by = post()
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("公文")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["word", "year", "serial"],
                condition=Q(serial__isnull=False),
                name="press_paper_numbered_once",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(serial__isnull=False, pdf__isnull=False),
                name="press_paper_issued_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="void") | ~Q(reason=""), name="press_paper_void_for_reason"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("press:paper", args=[self.pk])

    @property
    def number(self) -> str:
        """示经开〔2026〕5号; empty before it is issued."""
        return f"{self.word}〔{self.year}〕{self.serial}号" if self.serial else ""

    def kind_label(self) -> str:
        known = rules.KINDS[self.kind]
        return known.name_en if get_language() == "en" else str(_(known.name))
