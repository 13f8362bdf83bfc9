"""队伍、分队、各工种各班次的人数、手工器具；只有人数，没有姓名。"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import post
from bihuan.base.models import Named, Record


class Team(Record, Named):
    """应急抢险队伍：属哪个单位，是不是分队；一个单位可有几支，几个单位也可合一支。"""

    unit = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("单位")
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("属哪支队伍"),
    )
    task = models.CharField(_("负责什么"), max_length=200, blank=True)
    dissolved = models.BooleanField(_("已撤销"), default=False)
    by = post()
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("应急队伍")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["name"], condition=Q(dissolved=False), name="winter_team_name"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="winter_team_parent"
            ),
        )

    def get_absolute_url(self) -> str:
        return reverse("winter:team", args=[self.pk])


class Strength(Record):
    """一支队伍一个工种一个班次有多少人。"""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="strengths")
    trade = models.SlugField(_("工种"), max_length=40)
    shift = models.SlugField(_("班次"), max_length=40)
    people = models.PositiveIntegerField(_("人数"))
    by = post()

    class Meta:
        verbose_name = _("队伍人数")
        ordering = ("team", "trade", "shift")
        constraints = (
            models.UniqueConstraint(fields=["team", "trade", "shift"], name="winter_strength_once"),
        )

    def __str__(self) -> str:
        return f"{self.team} {self.trade} {self.shift} {self.people}"


class ToolStock(Record):
    """一支队伍一种手工器具有多少；只知道下限的写明“以上”。"""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="tools")
    tool = models.SlugField(_("器具"), max_length=40)
    number = models.PositiveIntegerField(_("数量"))
    lower_bound = models.BooleanField(_("以上（只知道下限）"), default=False)
    by = post()

    class Meta:
        verbose_name = _("手工器具")
        ordering = ("team", "tool")
        constraints = (models.UniqueConstraint(fields=["team", "tool"], name="winter_tool_once"),)

    def __str__(self) -> str:
        return f"{self.team} {self.tool} {self.number}"
