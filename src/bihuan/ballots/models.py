"""Poll, roll, ticket, lot of slips, station: who may vote. What was voted is not in this database.

A ballot lives in a file of its own (`engines.tally.box`), under no key, order or clock that stands
here. Tickets and the roll therefore carry no time either.
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.ballots import rules
from bihuan.base.fields import choices
from bihuan.base.models import Record
from bihuan.jobs.models import CanonicalJSON


class Poll(Record):
    """投票：一次不记名测评或征求意见：方案、名单、票箱、结果；阶段只进不退。"""

    slug = models.SlugField(_("地址"), max_length=20, unique=True)
    box_id = models.CharField(_("票箱号"), max_length=32, unique=True)
    title = models.CharField(_("名称"), max_length=200)
    title_en = models.CharField(_("英文名称"), max_length=300, blank=True)
    # The page of the meeting it belongs to; rooms above are not imported.
    subject_url = models.CharField(max_length=200, blank=True)
    phase = models.CharField(
        _("阶段"), max_length=10, choices=choices(rules.PHASES), default="draft"
    )
    rehearsal = models.BooleanField(_("演练"), default=False)
    sample = models.BooleanField(_("示例数据"), default=False)
    plan = CanonicalJSON(_("方案"))
    plan_digest = models.CharField(_("方案摘要"), max_length=64, blank=True)
    # Public halves only; the private ones stand in a file beside the box and end with their use.
    keys = CanonicalJSON(_("公钥"), default=dict)
    screen_key = models.CharField(max_length=40, blank=True)
    # Category → numbers of the roll (queries.Numbers), as announced when issuing ended.
    announced = CanonicalJSON(_("公布的各类张数"), default=dict)
    # The last head shown: a box put back from a backup does not reach it and is refused.
    head = CanonicalJSON(_("末次公示的箱头"), null=True)
    outcome = CanonicalJSON(_("结果"), null=True)
    full = CanonicalJSON(_("全部结果文件"), null=True)
    open = CanonicalJSON(_("公开结果文件"), null=True)

    class Meta:
        verbose_name = _("投票")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(phase="draft") | ~Q(plan_digest=""), name="ballots_poll_frozen_digest"
            ),
            models.CheckConstraint(
                condition=~Q(phase__in=("counted", "done")) | Q(outcome__isnull=False),
                name="ballots_poll_counted_outcome",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("ballots:desk", args=[self.slug])

    @property
    def led_elsewhere(self) -> bool:
        """Does its meeting take the steps, in an order that it checks (rules.IN_MEETING)?"""
        return self.plan["kind"] == "rating" and bool(self.subject_url)

    def label(self) -> str:
        """The name in the reader's language, where there is one."""
        return self.title_en if self.title_en and get_language() == "en" else self.title


class Voter(models.Model):
    """名单：可投票的一人；到会与否、领了哪种票，不记时间。"""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="voters")
    number = models.PositiveIntegerField(_("序号"))
    name = models.CharField(_("姓名或职务"), max_length=120)
    category = models.SlugField(_("类别"), max_length=40)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    present = models.BooleanField(_("到会"), default=False)
    given = models.CharField(
        _("领票"), max_length=10, choices=choices(rules.GIVEN), default="", blank=True
    )
    late_reason = models.CharField(_("补录理由"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("名单")
        ordering = ("poll", "number")
        constraints = (
            models.UniqueConstraint(fields=["poll", "number"], name="ballots_voter_number"),
            models.CheckConstraint(
                condition=Q(given="") | Q(present=True), name="ballots_voter_given_present"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Ticket(models.Model):
    """手机票：到会的一人可领一次盲签；平台签的是看不见的数，投票时认不出来。

    `blinded` and `signatures` stand only so that a lost answer can be given again; the blinded
    value says nothing of the token (RFC 9474 section 7.1: perfect blindness). Both are emptied when
    voting ends.
    """

    voter = models.OneToOneField(Voter, on_delete=models.PROTECT, primary_key=True)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the code on the strip
    blinded = CanonicalJSON(_("盲化值"), default=list)  # one for each signer, hex
    signatures = CanonicalJSON(_("盲签"), default=list)

    class Meta:
        verbose_name = _("手机票")

    def __str__(self) -> str:
        return str(self.voter)


class Lot(models.Model):
    """纸票：一个类别印了多少、退回多少未用的。票上的码只有摘要，存在票箱里。"""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="lots")
    category = models.SlugField(_("类别"), max_length=40)
    printed = models.PositiveIntegerField(_("印数"), default=0)
    returned = models.PositiveIntegerField(_("退回未用"), default=0)

    class Meta:
        verbose_name = _("纸票")
        ordering = ("poll", "category")
        constraints = (
            models.UniqueConstraint(fields=["poll", "category"], name="ballots_lot_category"),
            models.CheckConstraint(
                condition=Q(returned__lte=F("printed")), name="ballots_lot_returned_printed"
            ),
        )

    def __str__(self) -> str:
        return f"{self.poll} {self.category}"


class FirstEntry(models.Model):
    """纸质票的第一遍：谁录的，好让第二遍换人；录的是什么不在这里。配上就删。"""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="first_entries")
    slip = models.CharField(max_length=64)  # the slip's spent key, hex
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("纸质票首录")
        constraints = (
            models.UniqueConstraint(fields=["poll", "slip"], name="ballots_first_entry_once"),
        )

    def __str__(self) -> str:
        return str(self.poll)


class Station(Record):
    """监票签名站：监票人自己的电脑，另持一套签名密钥；没有它的签名，票不成立。"""

    poll = models.OneToOneField(Poll, on_delete=models.PROTECT, related_name="station")
    secret_digest = models.CharField(max_length=64)  # of the word that the laptop shows us
    keys = CanonicalJSON(_("签名公钥"), default=dict)  # category → {n, e} hex
    head_public = models.CharField(_("箱头公钥"), max_length=64, blank=True)
    heads = CanonicalJSON(_("已会签的箱头"), default=list)

    class Meta:
        verbose_name = _("监票签名站")

    def __str__(self) -> str:
        return str(self.poll)
