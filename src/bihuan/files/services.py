"""Verbs on documents: keep a new one, add a version. Nothing is ever altered or removed."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.base.text import shorten, zh
from bihuan.files import queries, rules, store
from bihuan.files.models import Document, Version
from bihuan.people.models import Post

audit.declare(
    {
        "files.document.keep": zh("存入文件"),
        "files.document.add_version": zh("存入文件的新版本"),
    }
)


@transaction.atomic
def keep(
    upload: "UploadedFile[bytes]",
    *,
    by: Post | None,
    title: str,
    thing: Model | None = None,
    note: str = "",
) -> Version:
    """存入：一份新文档的第一版。

    Whether this post may bring something to `thing` is asked by the verb of the room that owns the
    thing; here only the file is judged. Bytes that were stored when the transaction is rolled back
    stay: they belong to no version, and the same content is never stored twice.
    """
    name = _judged(upload)
    document = Document.objects.create(
        title=shorten(title.strip() or name, 200),
        thing_type=thing._meta.label_lower if thing is not None else "",
        thing_id=str(thing.pk) if thing is not None else "",
        by=by,
    )
    return _store(document, upload, name, 1, "files.document.keep", by, note)


@transaction.atomic
def add_version(
    document: Document, upload: "UploadedFile[bytes]", *, by: Post | None, note: str = ""
) -> Version:
    """存入新版本：旧版保留，号码接着排；与上一版内容相同的不收。"""
    document = Document.objects.select_for_update().get(pk=document.pk)
    name = _judged(upload)
    before = queries.newest(document)
    number = before.number + 1 if before is not None else 1
    version = _store(document, upload, name, number, "files.document.add_version", by, note)
    if before is not None and before.digest == version.digest:
        raise Refused(
            _("这个文件与现有的第 %(number)d 版内容相同，不用再存。请选择改过的文件。")
            % {"number": before.number}
        )
    return version


def _judged(upload: "UploadedFile[bytes]") -> str:
    """The name to keep; refuse what is not let in, whichever way it came."""
    if faults := queries.faults(upload):
        raise Refused.all(faults)
    return rules.clean_name(upload.name or "")


def _store(
    document: Document,
    upload: "UploadedFile[bytes]",
    name: str,
    number: int,
    act: str,
    by: Post | None,
    note: str,
) -> Version:
    kept = store.keep(upload.chunks())
    version = Version.objects.create(
        document=document,
        number=number,
        name=name,
        size=kept.size,
        digest=kept.digest,
        media_type=rules.KINDS[rules.extension(name)].media_type,
        by=by,
    )
    changes = {"number": (None, number), "name": (None, name), "digest": (None, kept.digest)}
    audit.record(by, act, document, changes=changes, note=note)
    return version
