"""Public notice of a scheme: what is shown to everybody, and how residents' opinions come back."""

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import post
from bihuan.base.models import Record
from bihuan.designs.models.opinion import Opinion
from bihuan.designs.models.scheme import Scheme, SchemeVersion


def new_slug() -> str:
    """A public address that says nothing of what stands there."""
    return secrets.token_hex(5)


class Notice(Record):
    """公示：方案的一版在一段时间里给公众看；只有选定的页，做成图片，不带原文件。"""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="notices")
    version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=20, unique=True, default=new_slug)
    title = models.CharField(_("公示标题"), max_length=200)
    text = models.TextField(_("公示说明"))
    asking = models.CharField(_("咨询方式"), max_length=200, blank=True)
    first = models.DateField(_("公示起"))
    last = models.DateField(_("公示止"))
    outcome = models.TextField(_("公众意见办理情况"), blank=True)
    withdrawn = models.CharField(_("撤下的原因"), max_length=300, blank=True)
    by = post()
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("公示")
        ordering = ("-first", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(last__gte=F("first")), name="designs_notice_days_in_order"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("designs:public-notice", args=[self.slug])


class NoticePage(Record):
    """公示页：选定的一页，存为图片。"""

    append_only: ClassVar[bool] = True

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="pages")
    page = models.PositiveSmallIntegerField(_("页码"))
    kept = models.ForeignKey("files.Version", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("公示页")
        ordering = ("notice", "page")
        constraints = (
            models.UniqueConstraint(fields=["notice", "page"], name="designs_noticepage_once"),
        )

    def __str__(self) -> str:
        return f"{self.notice} {self.page}"


class Contact(Record):
    """联系方式：公众自愿留下、只供回复的一行；了结即抹去，从不公开。"""

    opinion = models.OneToOneField(Opinion, on_delete=models.PROTECT, related_name="contact")
    text = models.CharField(_("联系方式"), max_length=120, blank=True)
    erased_on = models.DateField(_("抹去日期"), null=True)

    class Meta:
        verbose_name = _("联系方式")
        constraints = (
            models.CheckConstraint(
                condition=Q(erased_on__isnull=True) | Q(text=""), name="designs_contact_erased"
            ),
        )

    def __str__(self) -> str:
        return str(self.opinion)
