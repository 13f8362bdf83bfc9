"""示例数据：示例项目的规划设计方案，从交图、提意见到审查会纪要、公示和比对。

Everything goes through the same verbs as in an office, with the clock held at the day of each.
Drawings are set by the house's own typesetter; every text is generated and says 示例数据.
"""

from datetime import timedelta
from pathlib import Path

import typst
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from bihuan.base import clock
from bihuan.base.text import SAMPLE_MARK as MARK
from bihuan.designs import queries, rules, services
from bihuan.designs.models import Aspect, Opinion, Scheme
from bihuan.people.models import Unit
from bihuan.people.queries import acting
from bihuan.projects.models import Project

_SOURCE = Path(__file__).parent / "samples" / "scheme.typ"
_BEGUN_DAYS_AGO = 40


def load_sample() -> None:
    """装入示例：两个示例项目的方案；没有示例项目的，不装。"""
    found = list(Project.objects.filter(sample=True).order_by("pk")[:2])
    if not found or Scheme.objects.filter(sample=True).exists():
        return
    first = _reviewed(found[0])
    second = _begun(found[1]) if len(found) > 1 else None
    _met([scheme for scheme in (first, second) if scheme is not None])
    _revised(first)
    _shown(first)


def drawing(version: int) -> bytes:
    """A version of the sample's drawings as PDF."""
    folder = finders.find("built/fonts")
    fonts = typst.Fonts(True, True, [str(folder)] if folder else [])
    inputs = {"version": str(version)}
    compiler = typst.Compiler(_SOURCE.read_bytes(), font_paths=fonts, sys_inputs=inputs)
    made = compiler.compile(format="pdf")
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def _upload(version: int) -> "UploadedFile[bytes]":
    return SimpleUploadedFile(f"{MARK}-方案图册-{version}.pdf", drawing(version), "application/pdf")


def _aspect(code: str) -> Aspect:
    return Aspect.objects.get(code=code)


def _begun(project: Project) -> Scheme:
    """A scheme with its first version, and nothing said yet."""
    with clock.days_ago(_BEGUN_DAYS_AGO):
        scheme = services.begin(
            by=acting("planner"),
            project=project,
            name=f"总平面和建筑方案（{MARK}）",
            name_en="Site plan and buildings (sample)",
            designer=Unit.objects.get(code="investment"),
            units=list(Unit.objects.filter(code__in=("economy", "enforcement", "education"))),
            due=clock.today() + timedelta(days=_BEGUN_DAYS_AGO + 10),
            conditions=f"{MARK}：容积率不大于 1.5，绿地率不小于 20%，建筑高度不超过 24 米。",
            sample=True,
        )
        services.bring(scheme, by=acting("designer"), uploads=[_upload(1)])
    return scheme


def _reviewed(project: Project) -> Scheme:
    """A scheme on which three units have said something."""
    scheme = _begun(project)
    said = (
        (
            "econ-head",
            "layout",
            "must",
            1,
            "41.5,56,16,9",
            "入口广场偏小，人流排不开，请加大。",
        ),
        (
            "law-head",
            "traffic",
            "must",
            3,
            "45.5,28,7,8",
            "人车合用一个出入口，请分开。",
        ),
        ("edu-head", "image", "should", 2, "9,32,87,38", "沿街立面单调，请结合本地特色调整。"),
        ("econ-head", "conditions", "must", 1, "10,81,36,9", "绿地率低于规划条件的 20%，请补足。"),
    )
    with clock.days_ago(_BEGUN_DAYS_AGO - 6):
        for who, aspect, priority, page, region, text in said:
            services.give(
                scheme, by=acting(who), text=f"{MARK}：{text}", aspect=_aspect(aspect), page=page,
                region=rules.read_region(region), priority=priority,
            )  # fmt: skip
    return scheme


def _met(schemes: list[Scheme]) -> None:
    """One review meeting about all of them, with its minutes."""
    planner = acting("planner")
    with clock.days_ago(_BEGUN_DAYS_AGO - 12):
        meeting = services.call(
            by=planner, title=f"重点项目规划设计方案专题会（{MARK}）", kind="special",
            on=clock.today(), time="上午 9 时", place="示例会议室", chair=acting("leader"),
            schemes=schemes, sample=True,
        )  # fmt: skip
        posts = [acting(name) for name in ("member", "econ-head", "law-head", "edu-head")]
        services.invite(meeting, by=planner, posts=posts, capacities="规划专家（外请）")
        services.give(
            schemes[0], by=planner, source="meeting", meeting=meeting, aspect=_aspect("needs"),
            text=f"{MARK}：停车位宜向周边居民错时开放。", page=1, priority="note",
        )  # fmt: skip
        marks = {each.pk: "present" for each in queries.meetings.attendees(meeting)}
        services.mark_attendance(meeting, by=planner, marks=marks)
        for item in queries.meetings.agenda(meeting):
            services.conclude(item, by=planner, conclusion="changes", text="逐条落实各单位所提意见")
        services.amend_meeting(
            meeting, by=planner,
            requirements="各单位要协调配合，明确分工。\n设计单位要在两周内交出修改稿。",
        )  # fmt: skip
        services.close_meeting(meeting, by=planner)
        services.draft_minutes(meeting, by=planner)
        services.issue_minutes(meeting, by=planner, issuer="规划建设局")


def _revised(scheme: Scheme) -> None:
    """The second version: most opinions settled, one promised and not drawn, one refused."""
    designer = acting("designer")
    with clock.days_ago(14):
        note = f"{MARK}：加大入口广场，补足绿地率，增设货运口。"
        before = queries.newest(scheme)
        newer = services.bring(scheme, by=designer, uploads=[_upload(2)], note=note, compare=False)
    if before is not None:
        services.make(before, newer, by=None)
    answers = (
        ("adopted", "广场由 60 米×22 米加大到 100 米×45 米。"),
        ("adopted", "货车改由示例二路进出。"),
        ("adopted", "立面将结合本地特色调整。"),
        ("adopted", "绿地率由 17% 提高到 21%。"),
        ("rejected", "停车场夜间封闭管理，暂不具备开放条件。"),
    )
    with clock.days_ago(10):
        for opinion, (decision, reason) in zip(queries.opinions(scheme), answers, strict=True):
            settled = newer if decision == "adopted" else None
            services.answer(
                opinion, by=designer, decision=decision, reason=f"{MARK}：{reason}",
                settled_in=settled,
            )  # fmt: skip
    with clock.days_ago(6):
        for number, who in ((1, "econ-head"), (2, "law-head")):
            opinion = Opinion.objects.get(scheme=scheme, number=number)
            services.verify(opinion, by=acting(who), passed=True, note=f"{MARK}：已看新版，认可。")


def _shown(scheme: Scheme) -> None:
    """A public notice that is open today, with two opinions of residents."""
    planner, version = acting("planner"), queries.newest(scheme)
    if version is None:
        return
    with clock.days_ago(3):
        notice = services.publish(
            scheme, by=planner, version=version, title=f"{scheme.project.name} {scheme.name}公示",
            text=f"{MARK}：现将该项目规划设计方案公示，欢迎提出意见。", pages=[1, 2],
            first=clock.today(), last=clock.today() + timedelta(days=15), sample=True,
            asking="示例单位办公室",
        )  # fmt: skip
    for text, aspect in (("希望沿街多种些树。", "green"), ("入口离公交站太远。", "traffic")):
        services.receive(
            notice, text=f"{MARK}：{text}", aspect=_aspect(aspect), page=1, address="sample"
        )
