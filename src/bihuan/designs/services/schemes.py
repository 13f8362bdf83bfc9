"""Verbs on schemes: begin, amend, bring a version, pass, withdraw, take up again; aspects."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.designs import queries, rules
from bihuan.designs.models import Aspect, Scheme, SchemeFile, SchemeVersion
from bihuan.designs.rules import words
from bihuan.designs.services import comparing
from bihuan.designs.services.doors import allowed, locked, managing, seen
from bihuan.exchange import drawings
from bihuan.files import queries as file_queries
from bihuan.files import rules as file_rules
from bihuan.files import services as files
from bihuan.people.models import Post, Unit
from bihuan.projects.models import Project

_FIELDS = ("name", "name_en", "designer", "due", "conditions")


@transaction.atomic
def begin(
    *,
    by: Post | None,
    project: Project,
    name: str,
    designer: Unit,
    name_en: str = "",
    units: Iterable[Unit] = (),
    due: date | None = None,
    conditions: str = "",
    sample: bool = False,
) -> Scheme:
    """立一个方案：属于哪个项目，由谁设计、答复，请哪些单位在哪天以前提意见。"""
    managing(by)
    _checked(project, 0, name, due)
    scheme = Scheme.objects.create(
        project=project,
        name=" ".join(name.split()),
        name_en=name_en.strip(),
        designer=designer,
        due=due,
        conditions=conditions,
        by=by,
        sample=sample,
    )
    asked = list(units)
    scheme.units.set(asked)
    changes = {"project": (None, project), "units": (None, [unit.name for unit in asked])}
    audit.record(by, "designs.scheme.begin", scheme, changes=changes)
    return scheme


@transaction.atomic
def amend(scheme: Scheme, *, by: Post | None, units: Iterable[Unit], **fields: Any) -> Scheme:
    """改方案的安排：名称、答复单位、征求意见的单位、截止日期、规划条件。"""
    managing(by)
    before = locked(scheme)
    _checked(before.project, before.pk, fields["name"], None)
    scheme = Scheme.objects.get(pk=before.pk)
    for field in _FIELDS:
        setattr(scheme, field, fields.get(field, getattr(before, field)))
    scheme.save(update_fields=list(_FIELDS))
    asked, told = sorted(unit.name for unit in units), list(units)
    was = sorted(before.units.values_list("name", flat=True))
    scheme.units.set(told)
    changes = audit.changed(before, scheme, *_FIELDS)
    if was != asked:
        changes["units"] = (was, asked)
    audit.record(by, "designs.scheme.amend", scheme, changes=changes)
    return scheme


def _checked(project: Project, pk: int, name: str, due: date | None) -> None:
    faults = []
    if not name.strip():
        faults.append(_("请写方案的名称。"))
    same = Scheme.objects.filter(project=project, name=" ".join(name.split())).exclude(pk=pk)
    if same.exists():
        faults.append(_("这个项目已有同名的方案。请换一个名称，或在原方案里交新版。"))
    if due is not None and due < clock.today():
        faults.append(_("截止日期不得早于今天。请改为今天或以后的日期。"))
    if faults:
        raise Refused.all(faults)


def bring(
    scheme: Scheme,
    *,
    by: Post | None,
    uploads: "Sequence[UploadedFile[bytes]]",
    note: str = "",
    compare: bool = True,
) -> SchemeVersion:
    """交一版：PDF 和图片，存原件和摘要；打不开的当场说明，一件也不存。

    Files are looked into before anything is written: that takes seconds, and nobody should wait
    for the database meanwhile. `compare=False` leaves the comparison to whoever calls.
    """
    seen(scheme, by)
    allowed(by, by is None or queries.answers_for(by, scheme) or queries.manages(by))
    sheets = _looked_into(list(uploads))
    with transaction.atomic():
        scheme = locked(scheme)
        before = queries.newest(scheme)
        if before is not None and not note.strip():
            raise Refused(_("请写明这一版改了什么，好让提意见的单位知道看哪里。"))
        version = _stored(scheme, by, list(uploads), sheets, note.strip(), before)
        changes = {
            "number": (None, version.number),
            "pages": (None, version.pages),
            "digest": (None, [file.kept.digest for file in queries.files(version)]),
        }
        audit.record(by, "designs.scheme.bring", scheme, changes=changes, note=note)
        if before is not None and compare:
            comparing.ask(before, version, by=by)
    return version


def _looked_into(uploads: "list[UploadedFile[bytes]]") -> list[drawings.Sheet]:
    """What each file holds; every fault of every file at once."""
    if not 1 <= len(uploads) <= rules.MOST_FILES:
        raise Refused(
            _("一版请选 1 至 %(most)d 个文件。多的请先合成一个 PDF。") % {"most": rules.MOST_FILES}
        )
    faults, found = [], []
    for upload in uploads:
        name = file_rules.clean_name(upload.name or "")
        if file_rules.extension(name) not in rules.KINDS:
            faults.append(_(words.DRAWING["no_drawing"]) % {"name": name})
        elif unfit := file_queries.faults(upload):
            faults += unfit
        else:
            try:
                with at_hand(upload) as path:
                    found.append(drawings.inspect(path))
            except drawings.Unreadable as fault:
                faults.append(_(words.DRAWING[fault.code]) % {"name": name, **fault.params})
    if faults:
        raise Refused.all(faults)
    return found


@contextmanager
def at_hand(upload: "UploadedFile[bytes]") -> Iterator[Path]:
    """The bytes of an upload as a file for the helper process."""
    with tempfile.TemporaryDirectory(prefix="bihuan-") as folder:
        path = Path(folder, "drawing")
        upload.seek(0)
        with path.open("wb") as out:
            for chunk in upload.chunks():
                out.write(chunk)
        upload.seek(0)
        yield path


def _stored(
    scheme: Scheme,
    by: Post | None,
    uploads: "list[UploadedFile[bytes]]",
    sheets: list[drawings.Sheet],
    note: str,
    before: SchemeVersion | None,
) -> SchemeVersion:
    number = before.number + 1 if before else 1
    title = f"{scheme} 第{number}版"
    kept = [files.keep(upload, by=by, title=title, thing=scheme) for upload in uploads]
    if before is not None:
        was = [file.kept.digest for file in queries.files(before)]
        if was == [each.digest for each in kept]:
            raise Refused(
                _("这些文件与第 %(n)d 版完全相同，不用再交。请选择改过的文件。")
                % {"n": before.number}
            )
    pages = sum(sheet.pages for sheet in sheets)
    version = SchemeVersion.objects.create(
        scheme=scheme, number=number, pages=pages, note=note, by=by
    )
    first = 1
    for order, (each, sheet) in enumerate(zip(kept, sheets, strict=True), start=1):
        kind = rules.KINDS[file_rules.extension(each.name)]
        SchemeFile.objects.create(
            version=version, order=order, kept=each, kind=kind, first=first, pages=sheet.pages,
            sizes=[list(size) for size in sheet.sizes], scripts=sheet.scripts,
        )  # fmt: skip
        first += sheet.pages
    return version


@transaction.atomic
def pass_scheme(scheme: Scheme, *, by: Post | None, reason: str = "") -> Scheme:
    """审查通过：必须修改的意见都已了结才能通过。"""
    managing(by)
    scheme = locked(scheme)
    faults = []
    if queries.newest(scheme) is None:
        faults.append(_("方案还没有交过一版，不能通过。"))
    unsettled = scheme.opinions.filter(priority="must").exclude(state__in=("settled", "withdrawn"))
    faults += [
        _("“必须修改”的意见第 %(n)d 条还没有了结。") % {"n": opinion.number}
        for opinion in unsettled
    ]
    if faults:
        raise Refused.all(faults)
    return _turned(scheme, "passed", by, reason)


@transaction.atomic
def withdraw_scheme(scheme: Scheme, *, by: Post | None, reason: str) -> Scheme:
    """撤回方案：写明原因；版本和意见都留着。"""
    managing(by)
    scheme = locked(scheme)
    if not reason.strip():
        raise Refused(_("请写明撤回的原因。"))
    return _turned(scheme, "withdrawn", by, reason)


@transaction.atomic
def take_up_again(scheme: Scheme, *, by: Post | None, reason: str) -> Scheme:
    """重新审查：通过或撤回之后又要改的。"""
    managing(by)
    scheme = locked(scheme, states=("passed", "withdrawn"))
    if not reason.strip():
        raise Refused(_("请写明重新审查的原因。"))
    return _turned(scheme, "reviewing", by, reason)


def _turned(scheme: Scheme, state: str, by: Post | None, reason: str) -> Scheme:
    before, scheme.state, scheme.reason = scheme.state, state, reason.strip()
    scheme.save(update_fields=["state", "reason"])
    act = {"passed": "pass", "withdrawn": "withdraw", "reviewing": "take_up"}[state]
    changes = {"state": (before, state)}
    audit.record(by, f"designs.scheme.{act}", scheme, changes=changes, note=reason)
    return scheme


@transaction.atomic
def set_aspect(
    *, by: Post | None, code: str, name: str, name_en: str = "", source: str,
    order: int | None = None, in_use: bool = True,
) -> Aspect:  # fmt: skip
    """设定意见方面：新增或修改一个；不再用的停用，用过的意见仍显示原名。"""
    managing(by)
    faults = []
    if not name.strip():
        faults.append(_("请写名称。"))
    if not source.strip():
        faults.append(_("请写依据。"))
    if faults:
        raise Refused.all(faults)
    last = Aspect.objects.aggregate(last=Max("order"))["last"] or 0
    before = Aspect.objects.filter(code=code).first()
    aspect, _created = Aspect.objects.update_or_create(
        code=code,
        defaults={
            "name": name.strip(),
            "name_en": name_en.strip(),
            "source": source.strip(),
            "order": order if order is not None else before.order if before else last + 10,
            "in_use": in_use,
        },
    )
    told = ("name", "name_en", "source", "order", "in_use")
    changes = (
        audit.changed(before, aspect, *told)
        if before
        else {field: (None, getattr(aspect, field)) for field in told}
    )
    audit.record(by, "designs.aspect.set", aspect, changes=changes)
    return aspect


def load_aspects(*, by: Post | None) -> None:
    """The aspects that a house starts with, where none was entered."""
    if Aspect.objects.exists():
        return
    for place, plan in enumerate(rules.ASPECTS, start=1):
        set_aspect(
            by=by, code=plan.code, name=plan.name, name_en=plan.name_en, source=plan.source,
            order=10 * place,
        )  # fmt: skip
