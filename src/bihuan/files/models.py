"""Document and its versions: what it is called, how large, its digest, who brought it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from bihuan.base.models import Record


class Document(Record):
    """文档：一份材料，可有多个版本，属于某一事物。"""

    title = models.CharField(_("标题"), max_length=200)
    # What it belongs to, by generic key: a finding, a project. Rooms above are not imported.
    thing_type = models.CharField(max_length=100, blank=True)
    thing_id = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("文档")
        ordering = ("pk",)
        indexes = (models.Index(fields=["thing_type", "thing_id"], name="files_document_thing"),)
        constraints = (
            models.CheckConstraint(condition=~Q(title=""), name="files_document_has_title"),
            models.CheckConstraint(
                condition=Q(thing_type="", thing_id="") | ~(Q(thing_type="") | Q(thing_id="")),
                name="files_document_thing_whole",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Version(Record):
    """版本：一份文档某一次的内容；字节按摘要只存一份，永不改动。"""

    append_only: ClassVar[bool] = True

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("版本号"))
    name = models.CharField(_("文件名"), max_length=120)
    size = models.PositiveBigIntegerField(_("大小"))
    digest = models.CharField(_("摘要"), max_length=64, db_index=True)
    media_type = models.CharField(_("媒体类型"), max_length=100)
    by = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("版本")
        ordering = ("document", "number")
        constraints = (
            models.UniqueConstraint(fields=["document", "number"], name="files_version_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="files_version_from_one"),
            models.CheckConstraint(condition=Q(size__gte=1), name="files_version_not_empty"),
            models.CheckConstraint(
                condition=Exact(Length("digest"), 64), name="files_version_digest"
            ),
        )

    def __str__(self) -> str:
        return self.name
