"""Meeting, its plan in versions, its reporters with what they handed in, and what followed.

What was voted is not here: it lives in the box of `ballots`. What counts for a unit stands in rows
that only grow (reports, parts, decisions), so that nothing can be put right unseen.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.base.models import Record
from bihuan.jobs.models import CanonicalJSON
from bihuan.meetings import rules
from bihuan.people.models import Dated


class Meeting(Record):
    """述职评议会：一个述职年度的一轮述职评议考核，从方案到整改；年度不等于开会日期。"""

    year = models.PositiveSmallIntegerField(_("述职年度"))
    title = models.CharField(_("名称"), max_length=200)
    title_en = models.CharField(_("英文名称"), max_length=300, blank=True)
    state = models.CharField(
        _("状态"), max_length=12, choices=choices(rules.STATES), default="planning"
    )
    rehearsal = models.BooleanField(_("演练"), default=False)
    rehearsal_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="rehearsals"
    )
    job = models.ForeignKey("jobs.Job", on_delete=models.PROTECT, null=True, related_name="+")
    sample = models.BooleanField(_("示例数据"), default=False)
    poll = models.OneToOneField(
        "ballots.Poll", on_delete=models.PROTECT, null=True, related_name="+"
    )
    # The version of the plan that the poll was drawn up from: a later version needs another poll.
    poll_plan = models.ForeignKey("Plan", on_delete=models.PROTECT, null=True, related_name="+")
    chair = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("主持")
    )
    # Where the run-sheet stands: who is speaking, in which half of "one report, one comment".
    speaking = models.ForeignKey(
        "Reporter",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("正在述职"),
    )
    stage = models.CharField(_("环节"), max_length=10, blank=True, choices=choices(rules.STAGES))
    stage_began = models.DateTimeField(_("环节开始"), null=True)
    recalled = models.BooleanField(_("上年整改情况已通报"), default=False)
    # The chair's word on the round as a whole, and the speech in full (S1-14, S1-18).
    verdict = models.TextField(_("总的评价"), blank=True)
    speech = models.TextField(_("讲话"), blank=True)
    scored = models.BooleanField(_("得分已登记"), default=False)

    class Meta:
        verbose_name = _("述职评议会")
        ordering = ("-year", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["year"], condition=Q(rehearsal=False), name="meetings_meeting_one_a_year"
            ),
            models.CheckConstraint(
                condition=Q(rehearsal=True) | Q(rehearsal_of__isnull=True),
                name="meetings_meeting_rehearsal_of",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("planning", "preparing")) | Q(poll__isnull=False),
                name="meetings_meeting_sits_with_poll",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:meeting", args=[self.pk])

    def label(self) -> str:
        """The name in the reader's language, where there is one."""
        return self.title_en if self.title_en and get_language() == "en" else self.title


class Plan(Record):
    """测评方案：一版；批准后固化，要改只能另立一版，发票开始以后不能再改。"""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="plans")
    version = models.PositiveSmallIntegerField(_("版次"))
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(rules.PLAN_STATES), default="draft"
    )
    document = CanonicalJSON(_("内容"))
    digest = models.CharField(_("摘要"), max_length=64, blank=True)
    reason = models.TextField(_("另立一版的原因"), blank=True)
    drafted_by = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_on = models.DateField(_("批准日期"), null=True)

    class Meta:
        verbose_name = _("测评方案")
        ordering = ("meeting", "-version")
        constraints = (
            models.UniqueConstraint(
                fields=["meeting", "version"], name="meetings_plan_one_version"
            ),
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(state__in=("draft", "submitted")),
                name="meetings_plan_one_open",
            ),
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(state="approved"), name="meetings_plan_one_approved"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "submitted"))
                | (~Q(digest="") & Q(approved_on__isnull=False)),
                name="meetings_plan_approved_digest",
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""), name="meetings_plan_new_for_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.meeting} {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:plan", args=[self.meeting_id])


class Reporter(Record):
    """述职单位：在这一轮里现场或书面述职的一个单位，次序、点评、跳过的原因。"""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="reporters")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(_("次序"))
    mode = models.CharField(_("述职方式"), max_length=10, choices=choices(rules.MODES))
    rated = models.BooleanField(_("参加测评"), default=True)
    # A later version of the plan may leave out a unit that had already handed something in.
    withdrawn = models.BooleanField(_("已退出"), default=False)
    began = models.DateTimeField(_("述职开始"), null=True)
    ended = models.DateTimeField(_("述职结束"), null=True)
    skipped = models.TextField(_("未述职的原因"), blank=True)
    comment = models.TextField(_("点评"), blank=True)
    comment_by = models.CharField(_("点评人"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("述职单位")
        ordering = ("meeting", "number", "pk")
        constraints = (
            models.UniqueConstraint(fields=["meeting", "unit"], name="meetings_reporter_once"),
            models.CheckConstraint(
                condition=Q(comment="") | ~Q(comment_by=""), name="meetings_reporter_comment_by"
            ),
            models.CheckConstraint(
                condition=Q(ended__isnull=True) | Q(began__isnull=False),
                name="meetings_reporter_began_first",
            ),
        )

    def __str__(self) -> str:
        return f"{self.meeting} {self.unit}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:reporter", args=[self.meeting_id, self.unit.code])


class Report(Record):
    """述职报告：一次提交，连同回执号；再交是新的一行，旧的留着；过了截止日的标明迟交。"""

    append_only: ClassVar[bool] = True

    reporter = models.ForeignKey(Reporter, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField(_("回执号"))
    version = models.ForeignKey("files.Version", on_delete=models.PROTECT, related_name="+")
    late = models.BooleanField(_("迟交"))
    note = models.TextField(_("说明"), blank=True)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("述职报告")
        ordering = ("reporter", "-number")
        constraints = (
            models.UniqueConstraint(
                fields=["reporter", "number"], name="meetings_report_one_number"
            ),
        )

    def __str__(self) -> str:
        return f"{self.reporter} {self.number}"

    def get_absolute_url(self) -> str:
        reporter = self.reporter
        return reverse(
            "meetings:receipt", args=[reporter.meeting_id, reporter.unit.code, self.number]
        )


class Material(Record):
    """会议材料：议程、上年整改情况通报、演示文稿、讲话稿等；改了就加新版本。"""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="materials")
    kind = models.CharField(_("种类"), max_length=20, choices=choices(rules.MATERIALS))
    document = models.OneToOneField(
        "files.Document", on_delete=models.PROTECT, related_name="+", verbose_name=_("文档")
    )

    class Meta:
        verbose_name = _("会议材料")
        ordering = ("meeting", "pk")

    def __str__(self) -> str:
        return str(self.document)


class Guest(Record, Dated):
    """到会指导：上级派来的单位或人，只在这几天里看得到这一次会议。"""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="guests")
    unit = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("派出单位")
    )
    name = models.CharField(_("姓名或职务"), max_length=120)
    rank = models.CharField(_("职级"), max_length=120, blank=True)

    class Meta(Dated.Meta):
        verbose_name = _("到会指导")
        ordering = ("meeting", "pk")

    def __str__(self) -> str:
        return self.name


class Part(Record):
    """综合评价的一部分：一个单位一项的分数和依据；改正另登一版，写明原因。"""

    append_only: ClassVar[bool] = True

    reporter = models.ForeignKey(Reporter, on_delete=models.PROTECT, related_name="parts")
    code = models.SlugField(_("组成部分"), max_length=40)
    version = models.PositiveSmallIntegerField(_("版本"))
    value = models.DecimalField(_("分数"), max_digits=9, decimal_places=4)
    basis = models.CharField(_("依据"), max_length=300)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("综合评价的一部分")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["reporter", "code", "version"], name="meetings_part_one_version"
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="meetings_part_has_basis"),
        )

    def __str__(self) -> str:
        return f"{self.reporter} {self.code} {self.value}"


class Decision(Record):
    """综合评价等次：领导班子定的；与测算的等次不同，要写理由；改定另登一版。"""

    append_only: ClassVar[bool] = True

    reporter = models.ForeignKey(Reporter, on_delete=models.PROTECT, related_name="decisions")
    version = models.PositiveSmallIntegerField(_("版本"))
    # An exact fraction, "a/b"; empty where the count may not be told.
    score = models.CharField(_("综合得分"), max_length=200, blank=True)
    computed = models.SlugField(_("测算等次"), max_length=40, blank=True)
    grade = models.SlugField(_("确定等次"), max_length=40)
    reason = models.TextField(_("理由"), blank=True)
    basis = models.CharField(_("哪次会议确定"), max_length=200)
    decided_on = models.DateField(_("确定日期"))
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("综合评价等次")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["reporter", "version"], name="meetings_decision_one_version"
            ),
            models.CheckConstraint(
                condition=Q(grade=models.F("computed")) | ~Q(reason=""),
                name="meetings_decision_differs_for_reason",
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="meetings_decision_has_basis"),
        )

    def __str__(self) -> str:
        return f"{self.reporter} {self.grade}"


class Letter(Record):
    """反馈函：给一个单位的结果和意见，只有这个单位和领导班子看得到；发出后不变。"""

    reporter = models.OneToOneField(Reporter, on_delete=models.PROTECT, related_name="letter")
    content = CanonicalJSON(_("内容"))
    digest = models.CharField(_("摘要"), max_length=64)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")
    read_by = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, related_name="+"
    )
    read_at = models.DateTimeField(_("签收时间"), null=True)

    class Meta:
        verbose_name = _("反馈函")
        ordering = ("reporter",)

    def __str__(self) -> str:
        return str(self.reporter)

    def get_absolute_url(self) -> str:
        reporter = self.reporter
        return reverse("meetings:letter", args=[reporter.meeting_id, reporter.unit.code])


class Use(Record):
    """结果运用：按等次要做的一件事（表扬、约谈、限期整改、不评优），办完写明。"""

    reporter = models.ForeignKey(Reporter, on_delete=models.PROTECT, related_name="uses")
    kind = models.CharField(_("做什么"), max_length=20, choices=choices(rules.USES))
    due = models.DateField(_("期限"))
    done_on = models.DateField(_("办结日期"), null=True)
    note = models.TextField(_("办理情况"), blank=True)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("结果运用")
        ordering = ("reporter", "due", "pk")
        constraints = (
            models.UniqueConstraint(fields=["reporter", "kind"], name="meetings_use_once"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | ~Q(note=""), name="meetings_use_done_says_how"
            ),
        )

    def __str__(self) -> str:
        return f"{self.reporter} {self.kind}"


class Requirement(Record):
    """会议要求：讲话里提出的一条，编号；要办的交给单位入台账，不必办的写明。"""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="requirements")
    number = models.PositiveSmallIntegerField(_("序号"))
    text = models.TextField(_("要求"))
    general = models.BooleanField(_("原则要求，不单列任务"), default=False)

    class Meta:
        verbose_name = _("会议要求")
        ordering = ("meeting", "number")
        constraints = (
            models.UniqueConstraint(
                fields=["meeting", "number"], name="meetings_requirement_number"
            ),
        )

    def __str__(self) -> str:
        return f"{self.meeting} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:follow", args=[self.meeting_id])


class Issue(Record):
    """测评问题：点评、低分项、低等次、意见或要求里的一件事，由它一键进台账，只提一次。"""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="issues")
    reporter = models.ForeignKey(
        Reporter, on_delete=models.PROTECT, null=True, related_name="issues"
    )
    kind = models.CharField(_("种类"), max_length=20, choices=choices(rules.ISSUES))
    key = models.CharField(max_length=64, blank=True)
    title = models.CharField(_("问题"), max_length=200)

    class Meta:
        verbose_name = _("测评问题")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["reporter", "kind", "key"],
                condition=Q(reporter__isnull=False),
                name="meetings_issue_once_a_unit",
            ),
            models.UniqueConstraint(
                fields=["meeting", "kind", "key"],
                condition=Q(reporter__isnull=True),
                name="meetings_issue_once_a_meeting",
            ),
        )

    def __str__(self) -> str:
        return f"{self.meeting}：{self.title}"

    def get_absolute_url(self) -> str:
        if self.reporter is not None:
            return self.reporter.get_absolute_url()
        return reverse("meetings:follow", args=[self.meeting_id])


class Waiver(Record):
    """免做的一步：哪一步没有做，为什么，谁批准；和结果一起打印。"""

    append_only: ClassVar[bool] = True

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="waivers")
    step = models.CharField(_("步骤"), max_length=20, choices=choices(rules.STEPS))
    reason = models.TextField(_("原因"))
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("免做的一步")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["meeting", "step"], name="meetings_waiver_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="meetings_waiver_says_why"),
        )

    def __str__(self) -> str:
        return f"{self.meeting} {self.step}"
