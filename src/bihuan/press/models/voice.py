"""What residents write: opinions on a published text, and how many came of late."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices, post
from bihuan.base.models import Record
from bihuan.press import rules
from bihuan.press.models.release import Release


class Opinion(Record):
    """公众意见：对征求意见的一篇稿件；不问是谁，联系方式可留可不留，办完即抹去，从不公开。"""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="opinions")
    number = models.PositiveIntegerField(_("编号"))
    text = models.TextField(_("意见"))
    contact = models.CharField(_("联系方式"), max_length=120, blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(rules.OPINION_STATES), default="new"
    )
    answer = models.TextField(_("答复"), blank=True)
    answered_at = models.DateTimeField(_("办理时间"), null=True)
    by = post()

    class Meta:
        verbose_name = _("公众意见")
        ordering = ("release", "number")
        constraints = (
            models.UniqueConstraint(fields=["release", "number"], name="press_opinion_number"),
            models.CheckConstraint(
                condition=Q(state="new") | Q(contact=""), name="press_opinion_contact_erased"
            ),
            models.CheckConstraint(
                condition=Q(state="new") | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="press_opinion_says_what",
            ),
        )

    def __str__(self) -> str:
        return f"{self.release} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("press:opinion", args=[self.pk])


class Visit(Record):
    """来访记数：当天有效的密钥算出的摘要，只为限次，次日即删；认不出是谁。"""

    what = models.CharField(max_length=80)
    key = models.CharField(max_length=24)

    class Meta:
        verbose_name = _("来访记数")
        indexes = (models.Index(fields=["what", "created_at"], name="press_visit_when"),)

    def __str__(self) -> str:
        return self.key
