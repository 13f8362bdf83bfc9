"""Key projects as news: one project, or an edition of 三个一批."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from django.db.models import Max

from bihuan.base import clock
from bihuan.base.text import zh
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.press.queries import Offer, Thing, Told
from bihuan.press.rules import Known
from bihuan.projects import queries, rules
from bihuan.projects.models import BatchTag, Project
from bihuan.site.things import words


def _projects(by: Post) -> Iterable[Offer]:
    if not people.may(by, "projects.view"):
        return ()
    rows = queries.visible_to(by).order_by("-pk")[:200]
    return [Offer(str(one.pk), one.name, one.stage_on or clock.today()) for one in rows]


def _project_of(key: str, by: Post | None = None) -> Project:
    rows = Project.objects.select_related("unit") if by is None else queries.visible_to(by)
    found = rows.filter(pk=words.number(key)).first()
    if found is None:
        raise words.missing()
    return found


def _project_figures(key: str) -> Iterator[Known]:
    project = _project_of(key)
    if project.total:
        yield words.amount("total", ("总投资", "项目总投资"), project.total, period=project.name)


def _project(key: str, by: Post | None) -> Told:
    project = _project_of(key, by)
    total = next(iter(_project_figures(key)), None)
    newest = max(queries.level_years(project), key=lambda one: one.year, default=None)
    batch = project.batches.filter(removed="").order_by("on", "pk").last()
    facts = [
        f"位于{project.site}" if project.site else "",
        f"由{project.builder}建设" if project.builder else "",
        f"总投资{words.written(total)}" if total else "",
        f"列入{newest.year}年{rules.LEVELS[newest.level]}项目"
        if newest is not None and newest.level != "none" else "",
        f"属{batch.edition}“三个一批”{rules.BATCHES[batch.batch]}项目" if batch else "",
    ]  # fmt: skip
    stage = f"目前，项目处于{rules.STAGES[project.stage]}阶段。" if project.stage else ""
    body = words.paragraphs((
        f"{project.name}{'，'.join(one for one in facts if one)}。",
        f"主要建设内容：{project.content}" if project.content else "",
        stage,
    ))  # fmt: skip
    on = project.stage_on or clock.today()
    return Told(f"{project.name}公示", body, on, project.name, sample=project.sample)


def _editions(by: Post) -> Iterable[Offer]:
    if not people.may(by, "projects.view"):
        return ()
    rows = BatchTag.objects.filter(removed="").values("edition").annotate(last=Max("on"))
    return [Offer(one["edition"], f"三个一批 {one['edition']}", one["last"]) for one in rows]


def _tags(key: str) -> list[BatchTag]:
    rows = BatchTag.objects.filter(edition=key, removed="").select_related("project")
    found = list(rows.order_by("on", "pk"))
    if not found:
        raise words.missing()
    return found


def _edition_figures(key: str) -> Iterator[Known]:
    found = _tags(key)
    for code, name in rules.BATCHES.items():
        of = [one for one in found if one.batch == code]
        if not of:
            continue
        yield words.figure(code, (f"{name}项目",), len(of), "个", period=key)
        total = sum((one.project.total or Decimal(0) for one in of), Decimal(0))
        # A sum with a part unknown would be a lower bound that nobody would read as one.
        if all(one.project.total for one in of):
            yield words.amount(f"{code}-total", (f"{name}项目总投资",), total, period=key)


def _edition(key: str, by: Post | None) -> Told:
    if by is not None and not people.may(by, "projects.view"):
        raise words.missing()
    found, figures = _tags(key), list(_edition_figures(key))
    on: date = max(one.on for one in found)
    said = "，".join(f"{one.name}{words.written(one)}" for one in figures)
    named = words.listed(list(dict.fromkeys(one.project.name for one in found)), 6)
    body = words.paragraphs((
        f"{on.month}月{on.day}日，{words.zone()}{key}“三个一批”项目：{said}。", f"项目有{named}。",
    ))  # fmt: skip
    sample = all(one.project.sample for one in found)
    return Told(f"{key}“三个一批”项目", body, on, f"三个一批 {key}", sample=sample)


THINGS = {
    "projects.project": Thing(zh("重点项目"), _projects, _project, _project_figures),
    "projects.batchtag": Thing(zh("三个一批"), _editions, _edition, _edition_figures),
}
