"""The meeting itself: whose it is, who sits in it, who guides it, and its steps."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.base.models import Named, Record
from bihuan.reviews import rules


class Review(Record):
    """民主生活会：一个班子的一次会；只有班子成员、经办人和受邀期内的指导组知道它的内容。"""

    kind = models.CharField(_("类别"), max_length=10, choices=choices(rules.KINDS))
    year = models.PositiveSmallIntegerField(_("年度"))
    body = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, related_name="reviews", verbose_name=_("班子")
    )
    theme = models.TextField(_("主题"))
    basis = models.CharField(_("上级部署的依据"), max_length=300)
    date = models.DateField(_("会议日期"))
    consent = models.CharField(_("上级同意提前或推迟的依据"), max_length=300, blank=True)
    # Kept with the meeting: a later change of the rule does not touch it.
    quorum_part = models.PositiveSmallIntegerField(default=2)
    quorum_whole = models.PositiveSmallIntegerField(default=3)
    state = models.CharField(
        _("状态"), max_length=12, choices=choices(rules.STATES), default="preparing"
    )
    clerks = models.ManyToManyField(
        "people.Post", blank=True, related_name="+", verbose_name=_("经办人")
    )
    poll = models.ForeignKey(
        "ballots.Poll",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("匿名意见箱"),
    )
    comment = models.TextField(_("指导组点评"), blank=True)
    comment_by = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, related_name="+"
    )
    held_on = models.DateField(_("召开日期"), null=True)
    closed_on = models.DateField(_("了结日期"), null=True)
    reason = models.TextField(_("取消的原因"), blank=True)
    sample = models.BooleanField(_("示例数据"), default=False)

    class Meta:
        verbose_name = _("民主生活会")
        ordering = ("-date", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(quorum_part__gte=1, quorum_whole__gte=F("quorum_part")),
                name="reviews_review_quorum",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("held", "closed")) | Q(held_on__isnull=False),
                name="reviews_review_held_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_on__isnull=False),
                name="reviews_review_closed_has_date",
            ),
        )

    def __str__(self) -> str:
        kind = "年度" if self.kind == "annual" else "年专题"
        return f"{self.body.name}{self.year}{kind}民主生活会"

    def label(self) -> str:
        """Body, year and kind in the reader's language."""
        named = {"body": self.body.label(), "year": self.year}
        if self.kind == "annual":
            return _now("%(body)s %(year)d 年度民主生活会") % named
        return _now("%(body)s %(year)d 年专题民主生活会") % named

    def get_absolute_url(self) -> str:
        return reverse("reviews:review", args=[self.pk])


class Seat(Record):
    """班子成员：某次会应到的一员，取自任职；主要负责人排第一。"""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="seats")
    post = models.ForeignKey("people.Post", on_delete=models.PROTECT, related_name="+")
    head = models.BooleanField(_("主要负责人"), default=False)
    order = models.PositiveSmallIntegerField(_("次序"))
    attendance = models.CharField(
        _("到会"), max_length=10, blank=True, choices=choices(rules.ATTENDANCE)
    )
    absent_why = models.CharField(_("缺席原因"), max_length=200, blank=True)
    told_on = models.DateField(_("转告日期"), null=True)
    told_by = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("班子成员")
        ordering = ("review", "order", "pk")
        constraints = (
            models.UniqueConstraint(fields=["review", "post"], name="reviews_seat_once"),
            models.UniqueConstraint(
                fields=["review"], condition=Q(head=True), name="reviews_seat_one_head"
            ),
        )

    def __str__(self) -> str:
        return self.post.title

    def label(self) -> str:
        """The duty, and the person where the account is not named after it."""
        if self.post.person.name == self.post.title:
            return self.post.duty
        return _now("%(duty)s%(person)s") % {
            "duty": self.post.duty,
            "person": self.post.person.label(),
        }


class Guest(Record):
    """指导组成员：受邀期内只看得到这一次会；期满自行失效。"""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="guests")
    post = models.ForeignKey("people.Post", on_delete=models.PROTECT, related_name="+")
    leader = models.BooleanField(_("组长"), default=False)
    home_unit = models.CharField(_("所在单位"), max_length=120, blank=True)
    valid_from = models.DateField(_("受邀自"))
    valid_to = models.DateField(_("受邀至"))

    class Meta:
        verbose_name = _("指导组成员")
        ordering = ("review", "-leader", "pk")
        constraints = (
            models.UniqueConstraint(fields=["review", "post"], name="reviews_guest_once"),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="reviews_guest_dates_in_order"
            ),
        )

    def __str__(self) -> str:
        return str(self.post)

    def label(self) -> str:
        """The post in the reader's language."""
        return self.post.label()


class Step(Record, Named):
    """步骤：一次会的一步，取自步骤库；做了、没做、为什么没做、谁做的，都有记载。"""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="steps")
    code = models.SlugField(_("代码"), max_length=40)
    phase = models.CharField(_("阶段"), max_length=10, choices=choices(rules.PHASES))
    order = models.PositiveSmallIntegerField(_("次序"))
    days = models.PositiveSmallIntegerField(_("离会议日的天数"))
    unit = models.CharField(_("计算单位"), max_length=10, choices=choices(rules.DAY_UNITS))
    documents = models.CharField(_("材料"), max_length=200, blank=True)
    paper = models.BooleanField(_("须附材料才算完成"), default=False)
    source = models.CharField(_("依据"), max_length=200)
    grade = models.CharField(_("可靠程度"), max_length=1, choices=choices(rules.GRADES))
    due = models.DateField(_("期限"))
    provisional = models.BooleanField(_("期限暂定"), default=False)
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(rules.STEP_STATES), default="pending"
    )
    done_on = models.DateField(_("完成日期"), null=True)
    done_by = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.TextField(_("说明"), blank=True)

    class Meta:
        verbose_name = _("步骤")
        ordering = ("review", "order", "pk")
        constraints = (
            models.UniqueConstraint(fields=["review", "code"], name="reviews_step_once"),
            models.CheckConstraint(
                condition=~Q(state="skipped") | ~Q(note=""), name="reviews_step_skipped_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="pending") | Q(done_on__isnull=False),
                name="reviews_step_done_has_date",
            ),
        )


class StepDocument(Record):
    """步骤材料：一步的一份文件；只从这里交付，每次交付都有审计。"""

    append_only: ClassVar[bool] = True

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="papers")
    version = models.ForeignKey("files.Version", on_delete=models.PROTECT, related_name="+")
    # As it was called by whoever brought it; `files` knows it under a name that says nothing.
    name = models.CharField(_("文件名"), max_length=120)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("步骤材料")
        ordering = ("step", "pk")

    def __str__(self) -> str:
        return f"{self.step.name} {self.pk}"
