"""融雪剂：库房和一笔笔的收发；只增不改，写错的用另一笔冲正。"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices, post
from bihuan.base.models import Named, Record
from bihuan.winter.models.crews import Team
from bihuan.winter.rules.stock import KINDS


class Store(Record, Named):
    """库房：哪个单位管，在哪里。"""

    unit = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("管库单位")
    )
    place = models.CharField(_("地点"), max_length=160, blank=True)
    closed = models.BooleanField(_("已停用"), default=False)
    by = post()
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("融雪剂库房")
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["name"], name="winter_store_name"),)

    def get_absolute_url(self) -> str:
        return reverse("winter:store", args=[self.pk])


class Movement(Record):
    """一笔收发：入库、出库、盘点差、冲正；公斤数入为正、出为负。"""

    append_only: ClassVar[bool] = True

    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="movements")
    product = models.SlugField(_("品种"), max_length=40)
    kind = models.CharField(_("哪一类"), max_length=10, choices=choices(KINDS))
    kg = models.IntegerField(_("公斤"))
    at = models.DateTimeField(_("时间"))
    team = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("领用队伍"),
    )
    what = models.CharField(_("凭证或用途"), max_length=200)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    by = post()

    class Meta:
        verbose_name = _("融雪剂收发")
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=["store", "product", "at"], name="winter_movement_at"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="receipt", kg__gt=0)
                | Q(kind="issue", kg__lt=0, team__isnull=False)
                | Q(kind="count")
                | Q(kind="reversal", reverses__isnull=False),
                name="winter_movement_sign",
            ),
            models.CheckConstraint(condition=~Q(what=""), name="winter_movement_what"),
        )

    def __str__(self) -> str:
        return f"{self.store} {self.product} {self.kg}"

    def label(self) -> str:
        return f"{timezone.localtime(self.at):%m-%d %H:%M} {self.kg:+,d} {self.what[:40]}"

    def get_absolute_url(self) -> str:
        return reverse("winter:store", args=[self.store_id])
