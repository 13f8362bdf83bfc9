"""One project of the economy bureau, and ways to bring it further."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from bihuan.base import clock
from bihuan.people.models import Post, Unit
from bihuan.projects import queries, services
from bihuan.projects.models import Project, WorkStep


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


@contextmanager
def at(day: date) -> Iterator[None]:
    """Noon of a day."""
    with clock.held_at(timezone.make_aware(datetime.combine(day, time(12)))):
        yield


def paper(name: str = "示例佐证") -> Any:
    return SimpleUploadedFile(f"{name}.txt", f"示例数据：{name}".encode(), "text/plain")


@pytest.fixture
def project(post: Callable[[str], Post]) -> Project:
    """Entered, of the economy bureau; no step of its life recorded."""
    return services.enter(
        by=post("coordinator"),
        name="示例项目",
        code="SAMPLE-0001",
        kind="record",
        unit=Unit.objects.get(code="economy"),
        leader=post("leader"),
    )


@pytest.fixture
def advance(post: Callable[[str], Post]) -> Callable[..., Any]:
    """`advance(project, "signed", day)`: one step with its proof, recorded on its day."""

    def done(project: Project, step: str, on: date, **more: Any) -> Any:
        with at(on):
            row = services.advance(
                project, by=post("coordinator"), step=step, on=on, upload=paper(), **more
            )
        project.refresh_from_db()
        return row

    return done


@pytest.fixture
def laid(post: Callable[[str], Post]) -> Callable[..., dict[str, WorkStep]]:
    """`laid(project, "works_permit", …)`: these steps of the library, by their codes."""

    def out(project: Project, *codes: str) -> dict[str, WorkStep]:
        chosen = [one for one in queries.step_rules() if one.code in codes]
        made = services.lay_out(project, by=post("coordinator"), steps=chosen)
        return {one.code: one for one in made}

    return out


def fresh(step: WorkStep) -> queries.Clocked:
    """A step with its clock, read anew."""
    return queries.clocked(WorkStep.objects.select_related("project", "rule").get(pk=step.pk))
