"""调度指令：orders to departments, each with its receipt and its end."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.base.models import Record
from bihuan.snow.models.storm import Storm, post


class DepartmentOrder(Record):
    """调度指令：给一个部门的一件事，要签收，要回报办了什么。"""

    storm = models.ForeignKey(Storm, on_delete=models.PROTECT, related_name="orders")
    unit = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("单位")
    )
    text = models.CharField(_("指令"), max_length=500)
    given_at = models.DateTimeField(_("下达时间"))
    due_at = models.DateTimeField(_("时限"), null=True, blank=True)
    inspection = models.ForeignKey(
        "snow.Inspection", on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )
    signed_at = models.DateTimeField(_("签收时间"), null=True, editable=False)
    signed_by = post()
    done_at = models.DateTimeField(_("办结时间"), null=True, editable=False)
    done_by = post()
    answer = models.CharField(_("办了什么"), max_length=500, blank=True)
    by = post()

    class Meta:
        verbose_name = _("调度指令")
        ordering = ("-given_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(signed_at__isnull=False),
                name="snow_order_done_after_receipt",
            ),
        )

    def __str__(self) -> str:
        return self.text[:60]

    def label(self) -> str:
        """To whom, and what: as it is chosen from a list."""
        return f"{self.unit.label()}：{self.text[:60]}"

    def get_absolute_url(self) -> str:
        return reverse("snow:order", args=[self.pk])
