"""Verbs on schedule plans: brought in, approved by another person, compared with the baseline."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import shorten
from bihuan.files import rules as file_rules
from bihuan.files import services as files
from bihuan.people.models import Post
from bihuan.projects import queries, rules
from bihuan.projects.models import PlanTask, Project, SchedulePlan
from bihuan.projects.services.doors import opened


@transaction.atomic
def bring_plan(
    project: Project,
    *,
    by: Post | None,
    kind: str,
    title: str,
    status_on: date,
    tasks: Sequence[rules.Task],
    days: str = "natural",
    upload: "UploadedFile[bytes] | None" = None,
) -> SchedulePlan:
    """收下一版计划：报批的等人批准；施工单位更新的只与基线比对，永远不会自己变成基线。"""
    project = opened(project, by, queries.reports)
    faults = []
    if not tasks:
        faults.append(_("计划里没有任务。"))
    if status_on > clock.today():
        faults.append(_("数据日期不得晚于今天。"))
    if kind == "report" and queries.baseline(project) is None:
        faults.append(_("还没有批准的基线，没有可比对的。请先报批一版计划。"))
    if project.plans.filter(state="submitted").exists() and kind == "plan":
        faults.append(_("还有一版计划等审批。批过以后再报。"))
    if faults:
        raise Refused.all(faults)
    last = project.plans.aggregate(last=Max("number"))["last"] or 0
    kept = None
    if upload is not None:
        title_ = shorten(f"{project} {title}", 200)
        kept = files.keep(packed(upload), by=by, title=title_, thing=project)
    plan = SchedulePlan.objects.create(
        project=project, number=last + 1, kind=kind, status_on=status_on, file=kept, by=by,
        days=days,
        title=shorten(title.strip() or (kept.name if kept else ""), 200) or _("施工计划"),
        state="submitted" if kind == "plan" else "noted",
    )  # fmt: skip
    PlanTask.objects.bulk_create(
        [
            PlanTask(
                plan=plan, order=order, key=shorten(task.key, 60), name=shorten(task.name, 200),
                start=task.start, finish=task.finish, percent=task.percent,
                after=[asdict(link) for link in task.after],
                base_start=task.base_start, base_finish=task.base_finish,
                owner=shorten(task.owner, 80),
            )
            for order, task in enumerate(tasks, start=1)
        ],
        batch_size=500,
    )  # fmt: skip
    changes = {"tasks": (None, len(tasks))}
    audit.record(by, "projects.plan.bring", plan, changes=changes)
    return plan


def packed(upload: "UploadedFile[bytes]") -> "UploadedFile[bytes]":
    """The file itself, or, of a kind that `files` does not let in, the file inside an archive.

    What project programs write (mpp, xer, xml) is kept to be read again, never to be opened here.
    """
    upload.seek(0)
    name = file_rules.clean_name(upload.name or "")
    if file_rules.extension(name) in file_rules.KINDS:
        return upload
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, upload.read())
    stem = name.rpartition(".")[0] or name
    return SimpleUploadedFile(f"{stem[:80]}.zip", stream.getvalue(), "application/zip")


@transaction.atomic
def decide_plan(plan: SchedulePlan, *, by: Post, passed: bool, opinion: str = "") -> SchedulePlan:
    """审批计划：由报送人以外的人；批准即成基线，以后都与它比对。"""
    opened(plan.project, by, queries.approves, plan)
    plan = SchedulePlan.objects.select_for_update(of=("self",)).select_related("by").get(pk=plan.pk)
    faults = []
    if plan.state != "submitted":
        faults.append(_("这一版不在等审批。"))
    if plan.by is not None and plan.by.person_id == by.person_id:
        faults.append(_("不能审批自己报送的计划。请由另一人审批。"))
    if not passed and not opinion.strip():
        faults.append(_("不批准的，请写明意见。"))
    if faults:
        raise Refused.all(faults)
    plan.state = "baseline" if passed else "refused"
    plan.opinion, plan.decided_by, plan.decided_on = opinion.strip(), by, clock.today()
    plan.save(update_fields=["state", "opinion", "decided_by", "decided_on"])
    act = "projects.plan.approve" if passed else "projects.plan.refuse"
    audit.record(by, act, plan, note=opinion)
    return plan
