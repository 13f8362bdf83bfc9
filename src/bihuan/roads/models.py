"""The road network as an office speaks of it: versions, sections with their marks, places."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.base.models import Record
from bihuan.roads import rules


class NetworkVersion(Record):
    """路网版本：一次载入的路网，连同引擎的文件；同一时间只有一版在用，旧的留着。"""

    name = models.CharField(_("名称"), max_length=120)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    attribution = models.CharField(_("版权说明"), max_length=200, blank=True)
    digest = models.CharField(_("摘要"), max_length=64)
    nodes = models.PositiveIntegerField(_("路口"))
    arcs = models.PositiveIntegerField(_("有向路段"))
    content = models.BinaryField(editable=False)
    active = models.BooleanField(_("在用"), default=False)
    sample = models.BooleanField(default=False, editable=False)
    by = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("路网版本")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["active"], condition=models.Q(active=True), name="roads_one_active"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Section(Record):
    """路段：值班员叫得出的一段路；代码在换路网以后不变，重点和易结冰的标记跟着代码走。"""

    network = models.ForeignKey(NetworkVersion, on_delete=models.PROTECT, related_name="sections")
    code = models.CharField(_("代码"), max_length=60)
    name = models.CharField(_("路段"), max_length=200)
    street = models.CharField(_("道路"), max_length=120, blank=True)
    kind = models.CharField(_("等级"), max_length=10, choices=choices(rules.KINDS))
    length_m = models.FloatField(_("长度（米）"))
    geometry = models.TextField(editable=False)  # GeoJSON, WGS-84
    icing = models.BooleanField(_("易结冰"), default=False)
    key = models.BooleanField(_("重点路段"), default=False)
    district = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("负责单位"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("路段")
        ordering = ("network", "pk")
        constraints = (
            models.UniqueConstraint(fields=["network", "code"], name="roads_section_code"),
        )

    def __str__(self) -> str:
        return self.name

    def kind_label(self) -> str:
        return _now(rules.KINDS[self.kind])

    def get_absolute_url(self) -> str:
        return reverse("roads:section", args=[self.code])


class Place(Record):
    """地点：要人工清雪或易结冰的部位：桥梁、路口、地铁口、公园……。"""

    kind = models.CharField(_("类别"), max_length=10, choices=choices(rules.PLACES))
    name = models.CharField(_("名称"), max_length=120)
    lon = models.FloatField(_("经度"))
    lat = models.FloatField(_("纬度"))
    icing = models.BooleanField(_("易结冰"), default=False)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("地点")
        ordering = ("kind", "name")
        constraints = (
            models.UniqueConstraint(fields=["kind", "name"], name="roads_place_once"),
            models.CheckConstraint(
                condition=models.Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="roads_place_on_earth",
            ),
        )

    def __str__(self) -> str:
        return self.name
