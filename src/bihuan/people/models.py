"""Unit, Tie, Person, Role, Post, Account: who belongs where, from when to when."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.base import clock
from bihuan.base.fields import choices
from bihuan.base.models import Record
from bihuan.people import rules


class Dated(models.Model):
    """A validity between two days, both included; an empty end means still valid."""

    valid_from = models.DateField(_("起始日期"), null=True, blank=True)
    valid_to = models.DateField(_("终止日期"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="%(app_label)s_%(class)s_dates_in_order",
            ),
        )


class Unit(Record, Dated):
    """单位：机构名册中的一个节点；可更名、可撤并，不删除。"""

    code = models.SlugField(_("代码"), max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True)
    kind = models.CharField(_("类型"), max_length=40, choices=choices(rules.UNIT_KINDS))
    note = models.TextField(_("备注"), blank=True)
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("并入单位"),
    )

    class Meta(Dated.Meta):
        verbose_name = _("单位")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("people:unit", args=[self.pk])

    def label(self) -> str:
        """The name in the reader's language, where there is one."""
        return self.name_en if self.name_en and get_language() == "en" else self.name


class UnitName(Record, Dated):
    """单位的曾用名、简称、别名：检索和导入时据此认出单位。"""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(_("名称"), max_length=120, db_index=True)
    kind = models.CharField(_("类型"), max_length=20, choices=choices(rules.NAME_KINDS))

    class Meta(Dated.Meta):
        verbose_name = _("单位别名")
        ordering = ("unit", "name")

    def __str__(self) -> str:
        return self.name


class Tie(Record, Dated):
    """单位之间的一条关系线：党的隶属、行政隶属、合同、临时指导。"""

    child = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="ties_up")
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="ties_down")
    line = models.CharField(_("关系"), max_length=20, choices=choices(rules.LINES))

    class Meta(Dated.Meta):
        verbose_name = _("隶属关系")
        ordering = ("child", "line", "valid_from")
        constraints = (
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(child=F("parent")), name="people_tie_not_to_itself"
            ),
            models.UniqueConstraint(
                fields=["child", "line"],
                condition=Q(valid_to__isnull=True, line__in=rules.CASCADE_LINES),
                name="people_tie_one_superior_a_line",
            ),
        )

    def __str__(self) -> str:
        return f"{self.child} → {self.parent}"


class Person(Record):
    """人员：自然人；在何处任何职，由任职记载。"""

    name = models.CharField(_("姓名"), max_length=60)
    name_en = models.CharField(_("英文姓名"), max_length=80, blank=True)
    phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    note = models.TextField(_("备注"), blank=True)

    class Meta:
        verbose_name = _("人员")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("people:person", args=[self.pk])

    def label(self) -> str:
        """The name in the reader's language, where there is one."""
        return self.name_en if self.name_en and get_language() == "en" else self.name


class Role(Record):
    """角色：一组可做的事及其范围；可由管理员修改的数据。"""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    verbs = models.JSONField(_("可做的事"), default=list)
    reach = models.CharField(_("范围"), max_length=20, choices=choices(rules.REACHES))

    class Meta:
        verbose_name = _("角色")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("people:role", args=[self.pk])

    def label(self) -> str:
        """The name in the reader's language, where there is one."""
        return self.name_en if self.name_en and get_language() == "en" else self.name


class Post(Record, Dated):
    """任职：某人在某单位、以某角色、从某日到某日；一人可在两处任职。

    Every verb is done by a Post, not by a Person: the post acted in is what the audit keeps.
    """

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="posts", verbose_name=_("人员")
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="posts", verbose_name=_("单位")
    )
    role = models.ForeignKey(
        Role, on_delete=models.PROTECT, related_name="posts", verbose_name=_("角色")
    )
    title = models.CharField(_("职务"), max_length=80)
    title_en = models.CharField(_("英文职务"), max_length=120, blank=True)
    primary_owner = models.BooleanField(_("第一责任人"), default=False)
    acting = models.BooleanField(_("代理"), default=False)

    class Meta(Dated.Meta):
        verbose_name = _("任职")
        ordering = ("unit", "person")

    def __str__(self) -> str:
        if self.person.name == self.title:  # accounts named after their posts
            return f"{self.unit}{self.title}"
        return f"{self.person}（{self.unit}{self.title}）"

    @property
    def duty(self) -> str:
        """The title in the reader's language."""
        return self.title_en if self.title_en and get_language() == "en" else self.title

    def label(self) -> str:
        """Person, unit and title in the reader's language."""
        if get_language() == "en" and self.title_en:
            if self.person.label() == self.title_en:
                return f"{self.title_en}, {self.unit.label()}"
            return f"{self.person.label()} ({self.title_en}, {self.unit.label()})"
        return str(self)


class Accounts(BaseUserManager["Account"]):
    """Django asks for this name; accounts are made by `people.services.open_account`."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=username)


class Account(AbstractBaseUser, Record):
    """账号：只用来登录；能做什么由任职决定。"""

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    username = models.SlugField(_("账号"), max_length=60, unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    is_active = models.BooleanField(_("启用"), default=True)
    failures = models.PositiveSmallIntegerField(_("连续失败次数"), default=0)
    locked_until = models.DateTimeField(_("锁定至"), null=True, blank=True)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=True)

    objects: ClassVar[Accounts] = Accounts()

    class Meta:
        verbose_name = _("账号")
        ordering = ("username",)

    def __str__(self) -> str:
        return self.username

    def is_locked(self) -> bool:
        """Locked at this moment by repeated failures."""
        return self.locked_until is not None and self.locked_until > clock.now()
