"""Schedule plans: the baseline, what a newer file changed against it, what was forecast of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bihuan.projects import bridge, rules
from bihuan.projects.models import PlanTask, Project, SchedulePlan
from bihuan.projects.queries import stages


def plans(project: Project) -> list[SchedulePlan]:
    """Every version, newest first."""
    found = project.plans.select_related(
        "by__person", "by__unit", "decided_by__person", "decided_by__unit", "file"
    )
    return list(found.order_by("-number"))


def baseline(project: Project) -> SchedulePlan | None:
    """The approved plan that holds: the newest approved one."""
    return project.plans.filter(state="baseline").order_by("-number").first()


def baseline_before(plan: SchedulePlan) -> SchedulePlan | None:
    """The baseline that a plan is compared with: the newest approved before it."""
    held = plan.project.plans.filter(state="baseline", number__lt=plan.number)
    return held.order_by("-number").first()


def tasks(plan: SchedulePlan) -> list[rules.Task]:
    """The tasks of a plan in the order of its file."""
    return [as_task(one) for one in plan.tasks.order_by("order")]


def as_task(one: PlanTask) -> rules.Task:
    return rules.Task(
        one.key,
        one.name,
        one.start,
        one.finish,
        one.percent,
        tuple(rules.Follows(**link) for link in one.after),
        one.base_start,
        one.base_finish,
        one.owner,
    )


def compared(plan: SchedulePlan) -> tuple[SchedulePlan, rules.Comparison] | None:
    """A plan beside its baseline; None where there is no baseline yet."""
    before = baseline_before(plan)
    if before is None:
        return None
    return before, rules.compare(tasks(before), tasks(plan))


@dataclass(frozen=True)
class Foretold:
    """一版更新计划当时的完工预测，项目后来已竣工。"""

    plan: SchedulePlan
    past: bridge.Past


def foretold(projects: Iterable[Project]) -> list[Foretold]:
    """Every forecast that was made of projects which have been completed since, oldest first."""
    found, known = [], {project.pk: project for project in projects}
    steps = stages.steps_of(known.values())
    ends = {key: stages.reached_on(own, "completed") for key, own in steps.items()}
    reports = SchedulePlan.objects.filter(
        project__in=[key for key, end in ends.items() if end], kind="report"
    )
    finals = _finals()
    for plan in reports.order_by("status_on", "pk"):
        end, before = ends[plan.project_id], baseline_before(plan)
        if end is None or before is None or plan.status_on >= end:
            continue
        view = outlook(plan, before, finals)
        if view is not None and not view.ended:
            plan.project = known[plan.project_id]
            found.append(Foretold(plan, bridge.Past(view, plan.status_on, end)))
    return found


def outlook(
    plan: SchedulePlan, before: SchedulePlan, ends: list[tuple[date, float]] | None = None
) -> bridge.Outlook | None:
    """What a plan and its baseline foretell, by the projects that had ended before its day."""
    finals = _finals() if ends is None else ends
    known = bridge.reference([spi_t for day, spi_t in finals if day < plan.status_on])
    return bridge.outlook(tasks(before), tasks(plan), plan.status_on, known)


def _finals() -> list[tuple[date, float]]:
    """When each completed project of the zone ended, and its final SPI(t) by the last baseline.

    All of them, whoever asks: only their number, their median and the share of late ones are told.
    """
    held = {
        one.project_id: one
        for one in SchedulePlan.objects.filter(state="baseline").order_by("number")
    }
    found = []
    for key, own in stages.steps_of(Project.objects.filter(pk__in=held)).items():
        if end := stages.reached_on(own, "completed"):
            found.append((end, bridge.final_spi_t(tasks(held[key]), end)))
    return found


def promises(plan: SchedulePlan) -> list[tuple[SchedulePlan, date]]:
    """The ends that were promised for the whole: by each baseline so far, and by the plan itself.

    Newest first.
    """
    held = plan.project.plans.filter(state="baseline", number__lt=plan.number)
    asked = [plan, *held.order_by("-number").prefetch_related("tasks")]
    return [(one, max(task.finish for task in one.tasks.all())) for one in asked]


def percent(tasks_: Iterable[rules.Task]) -> int | None:
    """How much is done, tasks weighed by their days; None where no task says so."""
    found = list(tasks_)
    if all(task.percent is None for task in found):
        return None
    weights = [(task.finish - task.start).days + 1 for task in found]
    done = sum(w * (task.percent or 0) for w, task in zip(weights, found, strict=True))
    return round(done / sum(weights))
