"""门前五包：登记的门面，和一次次的查看；不写店主姓名和电话。"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import post
from bihuan.base.models import Record


class Front(Record):
    """门面：哪条街哪一段的哪家，按哪一种门前五包，由哪个任职检查。"""

    name = models.CharField(_("商户"), max_length=120)
    street = models.CharField(_("道路"), max_length=120)
    stretch = models.CharField(_("门前范围"), max_length=160, blank=True)
    duties = models.SlugField(_("哪一种门前五包"), max_length=40)
    inspector = models.ForeignKey(
        "people.Post",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("谁检查"),
    )
    unit = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("责任单位")
    )
    gone = models.BooleanField(_("已不在"), default=False)
    by = post()
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("门前五包门面")
        ordering = ("street", "name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["street", "name"], condition=Q(gone=False), name="winter_front_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.street} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("winter:front", args=[self.pk])


class FrontCheck(Record):
    """一次查看：哪几包没做到，催到什么时候（都做到了就不催），有没有照片；只增不改。"""

    append_only: ClassVar[bool] = True

    front = models.ForeignKey(Front, on_delete=models.PROTECT, related_name="checks")
    at = models.DateTimeField(_("时间"))
    missed = models.JSONField(_("没做到的"), default=list)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    urged_until = models.DateTimeField(_("催办到"), null=True)
    photo = models.ForeignKey(
        "files.Version", on_delete=models.PROTECT, null=True, related_name="+"
    )
    by = post()

    class Meta:
        verbose_name = _("门前查看")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.front} {self.at:%Y-%m-%d %H:%M}"

    @property
    def ok(self) -> bool:
        """Nothing was missed, so nobody was urged."""
        return self.urged_until is None

    def get_absolute_url(self) -> str:
        return self.front.get_absolute_url()
