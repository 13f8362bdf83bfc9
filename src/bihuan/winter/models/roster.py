"""值班表：哪天哪班哪个岗位由哪个任职值；只写任职，不写电话。"""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import post
from bihuan.base.models import Record


class Duty(Record):
    """一班值班。"""

    day = models.DateField(_("日期"))
    shift = models.SlugField(_("班次"), max_length=40)
    role = models.SlugField(_("岗位"), max_length=40)
    who = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, related_name="+", verbose_name=_("谁")
    )
    by = post()
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("值班")
        ordering = ("day", "shift", "role")
        constraints = (
            models.UniqueConstraint(fields=["day", "shift", "role"], name="winter_duty_once"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.shift} {self.role}"

    def get_absolute_url(self) -> str:
        return reverse("winter:roster")
