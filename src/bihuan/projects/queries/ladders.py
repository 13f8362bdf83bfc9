"""Blockages: where each stands on its ladder, who has it now, until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.days import queries as days
from bihuan.days.rules import Calendar
from bihuan.projects import rules
from bihuan.projects.models import Blockage, Project
from bihuan.projects.queries import tables


@dataclass(frozen=True)
class Stuck:
    """堵点和它的时钟：现在到哪一级、谁来解决、哪天到期。"""

    blockage: Blockage
    rungs: tuple[rules.Rung, ...]
    standing: rules.Standing

    @property
    def solved(self) -> bool:
        return self.blockage.solved_on is not None

    @property
    def overdue(self) -> bool:
        return not self.solved and self.standing.overdue

    @property
    def escalated(self) -> bool:
        return self.standing.level > 0


def stuck(
    blockage: Blockage, *, calendar: Calendar | None = None, today: date | None = None
) -> Stuck:
    """A blockage as it stands today, or as it stood on the day it was solved."""
    held = calendar or days.calendar()
    rungs = rules.rungs(held, blockage.opened_on, blockage.ladder)
    on = blockage.solved_on or today or clock.today()
    return Stuck(blockage, rungs, rules.standing(rungs, blockage.lifted, on))


def blockages(projects: Iterable[Project], *, unsolved: bool = False) -> list[Stuck]:
    """Blockages of some projects: unsolved first, the latest on the ladder first."""
    found = Blockage.objects.filter(project__in=list(projects))
    if unsolved:
        found = found.filter(solved_on__isnull=True)
    calendar, today = days.calendar(), clock.today()
    rows = found.select_related("owner", "project__unit", "project__leader__person",
                                "project__leader__unit")  # fmt: skip
    told = [stuck(one, calendar=calendar, today=today) for one in rows]
    return sorted(
        told,
        key=lambda one: (one.solved, -one.standing.level, one.standing.rung.due, one.blockage.pk),
    )


def held_by(one: Stuck) -> str:
    """Who has to solve it now, in the reader's language."""
    project = one.blockage.project
    match one.standing.rung.holder:
        case "unit":
            return one.blockage.owner.label()
        case "leader" if project.leader is not None:
            return str(project.leader.label())
        case "leader":
            return _("责任领导（未定）")
        case _:
            return project.unit.label() if project.unit else _("项目现场")


def rung_name(rung: rules.Rung) -> str:
    return tables.label({"name": rung.name, "name_en": rung.name_en})
