"""Comparing two versions: asked for, worked out as a job, stored when it is done."""

from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.base.text import zh
from bihuan.designs import queries
from bihuan.designs.models import Comparison, SchemeVersion
from bihuan.designs.rules import words
from bihuan.designs.services.doors import seen
from bihuan.exchange import drawings
from bihuan.files import store
from bihuan.jobs import rules as job_rules
from bihuan.jobs import services as jobs
from bihuan.jobs.models import Job
from bihuan.jobs.services import Tell
from bihuan.people.models import Post

KIND = "designs.compare"
TOLD = zh("已比对 %(done)d 对页，共 %(total)d 对。")


@transaction.atomic
def ask(older: SchemeVersion, newer: SchemeVersion, *, by: Post | None) -> Comparison:
    """比对两版：已有结果或正在算的不重算；算不成的重算。"""
    seen(newer.scheme, by)
    found, begun = _row(older, newer)
    if not begun:
        return found
    inputs = {
        "comparison": found.pk,
        "old": [file.kept.digest for file in queries.files(older)],
        "new": [file.kept.digest for file in queries.files(newer)],
    }
    found.job = jobs.start(KIND, by=by, inputs=inputs, title=f"{found}", seed=0)
    found.save(update_fields=["job"])
    return found


def ask_again(newer: SchemeVersion, *, by: Post | None, older: SchemeVersion) -> Comparison:
    """The same, from the page of two versions."""
    return ask(older, newer, by=by)


def _row(older: SchemeVersion, newer: SchemeVersion) -> tuple[Comparison, bool]:
    """The row of a pair, and whether it is still to be worked out."""
    if older.scheme_id != newer.scheme_id or older.number >= newer.number:
        raise Refused(_("只能把同一方案的新版与旧版比对。请重选。"))
    found, _created = Comparison.objects.select_for_update().get_or_create(older=older, newer=newer)
    running = found.job is not None and found.job.state in job_rules.UNFINISHED
    return found, found.pairs is None and not running


def work(inputs: dict[str, Any], *, seed: int, tell: Tell, run: Any) -> dict[str, Any]:
    """The job itself: from two lists of digests to pairs of pages."""

    def told(done: int, total: int) -> None:
        tell(done, total, _(TOLD) % {"done": done, "total": total})

    old, new = ([store.path(digest) for digest in inputs[side]] for side in ("old", "new"))
    return {"pairs": pairs(old, new, told)}


def pairs(old: list[Path], new: list[Path], told: Any = None) -> list[dict[str, Any]]:
    """The pairs of pages as they are stored; refuses in a sentence what cannot be opened."""
    try:
        found = drawings.compare(old, new, tell=told or (lambda done, total: None))
    except drawings.Unreadable as fault:
        name = _("方案文件")
        raise Refused(_(words.DRAWING[fault.code]) % {"name": name, **fault.params}) from fault
    return [{**vars(look)} for look in found]


def note_done(job: Job) -> None:
    """What the job found becomes the content of its comparison."""
    found = Comparison.objects.select_for_update().get(pk=job.inputs["comparison"])
    _note(found, job.result["pairs"], job.by)


@transaction.atomic
def make(older: SchemeVersion, newer: SchemeVersion, *, by: Post | None) -> Comparison:
    """The same at once, without a job: for the sample and the command line."""
    found, _begun = _row(older, newer)
    if found.pairs is None:
        _note(found, pairs(queries.paths(older), queries.paths(newer)), by)
    return found


def _note(found: Comparison, rows: list[dict[str, Any]], by: Post | None) -> None:
    found.pairs = rows
    found.save(update_fields=["pairs"])
    changed = sum(bool(row.get("mask") or row.get("gone") or row.get("come")) for row in rows)
    changes = {"changed": (None, changed), "count": (None, len(rows))}
    audit.record(by, "designs.comparison.done", found, changes=changes)
