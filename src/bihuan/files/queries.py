"""Questions about documents, and whether their bytes are still what they were."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from bihuan.files import content, intake, rules, store
from bihuan.files.models import Document, Version


def faults(upload: "UploadedFile[bytes]") -> list[str]:
    """Every reason, in the reader's language, why this upload cannot be kept; none if it can."""
    name, size, largest = (
        rules.clean_name(upload.name or ""),
        upload.size or 0,
        settings.LARGEST_FILE,
    )
    if isinstance(upload, intake.NotTaken):  # its bytes are not there to be judged
        found = [rules.Fault(upload.reason, rules.params(name, largest))]
    else:
        found = content.faults(name, size, cast(BinaryIO, upload), largest)
    return [
        _(rules.SENTENCES[fault.code]) % {"allowed": _(rules.ALLOWED), **fault.params}
        for fault in found
    ]


_PIECE = 500


class Damage(NamedTuple):
    """A version whose bytes are not what was kept."""

    version: Version
    reason: Literal["missing", "differs"]


def of(thing: Model) -> QuerySet[Document]:
    """All documents of one thing, oldest first."""
    return Document.objects.filter(thing_type=thing._meta.label_lower, thing_id=str(thing.pk))


def newest(document: Document) -> Version | None:
    """The latest version of a document."""
    return document.versions.order_by("-number").first()


def damaged(progress: Callable[[int, int], None] | None = None) -> Iterator[Damage]:
    """受损的版本：字节不在，或与摘要不符。Each content is read once, however many versions use it.

    `progress(done, total)` is called after every version, so that a long check can be watched.
    """
    total = Version.objects.count()
    verdicts: dict[str, bool] = {}
    for done, version in enumerate(_by_content(), start=1):
        if version.digest not in verdicts:
            # In order of digest: what was judged before is never asked for again.
            verdicts = {version.digest: store.is_whole(version.digest, version.size)}
        if not verdicts[version.digest]:
            there = store.path(version.digest).exists()
            yield Damage(version, "differs" if there else "missing")
        if progress is not None:
            progress(done, total)


def _by_content() -> Iterator[Version]:
    """Piece by piece: no query is open when `progress` writes (SQLite would refuse it)."""
    ordered = Version.objects.select_related("document").order_by("digest", "pk")
    piece = list(ordered[:_PIECE])
    while piece:
        yield from piece
        last = piece[-1]
        later = Q(digest__gt=last.digest) | Q(digest=last.digest, pk__gt=last.pk)
        piece = list(ordered.filter(later)[:_PIECE])


def strays() -> Iterator[Path]:
    """多余的内容：不属于任何版本的文件，多为没有存成的上传。They do no harm."""
    return (path for path in store.stored() if not _is_used(path.name))


def _is_used(digest: str) -> bool:
    return Version.objects.filter(digest=digest).exists()
