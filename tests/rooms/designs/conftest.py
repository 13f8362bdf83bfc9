"""A project of its own, a scheme with one version, and everybody who takes part."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.base import clock
from bihuan.designs import rules, services
from bihuan.designs.models import Aspect, Opinion, Scheme
from bihuan.projects.models import Project
from tests.exchange.drawings.pdfs import pdf

SQUARE = (0.4, 0.5, 0.2, 0.1)
HALL = (0.1, 0.2, 0.3, 0.2)
PLAN = pdf(([SQUARE, HALL], "PLAN"), ([HALL], "ELEVATION"))
WIDER = pdf(([(0.35, 0.5, 0.3, 0.2), HALL], "PLAN"), ([HALL], "ELEVATION"))


def upload(content: bytes, name: str = "plan.pdf") -> Any:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def project(db: None, unit: Callable[[str], Any]) -> Project:
    return Project.objects.create(name="示例产业园", unit=unit("investment"))


@pytest.fixture
def scheme(project: Project, post: Callable[[str], Any], unit: Callable[[str], Any]) -> Scheme:
    """Economy and law enforcement were asked; investment draws; one version of two pages."""
    found = services.begin(
        by=post("planner"), project=project, name="总平面方案", designer=unit("investment"),
        units=[unit("economy"), unit("enforcement")], due=clock.today() + timedelta(days=10),
    )  # fmt: skip
    services.bring(found, by=post("designer"), uploads=[upload(PLAN)])
    return found


@pytest.fixture
def give(scheme: Scheme, post: Callable[[str], Any]) -> Callable[..., Opinion]:
    """`give("econ-head")`: an opinion on the square of page one."""

    def do(who: str = "econ-head", **fields: Any) -> Opinion:
        told = {
            "text": "广场偏小。",
            "aspect": Aspect.objects.get(code="layout"),
            "page": 1,
            "region": rules.read_region("40,50,20,10"),
            "priority": "must",
            **fields,
        }
        return services.give(scheme, by=post(who), **told)

    return do


@pytest.fixture
def second(scheme: Scheme, post: Callable[[str], Any]) -> Callable[..., Any]:
    """Bring a second version and compare it with the first."""

    def do(content: bytes = WIDER) -> Any:
        first = scheme.versions.get(number=1)
        newer = services.bring(
            scheme, by=post("designer"), uploads=[upload(content)], note="改了广场。", compare=False
        )
        services.make(first, newer, by=None)
        return newer

    return do


@pytest.fixture
def people(post: Callable[[str], Any]) -> SimpleNamespace:
    names = ("planner", "designer", "econ_head", "econ_liaison", "law_head", "edu_head", "clerk")
    return SimpleNamespace(**{name: post(name.replace("_", "-")) for name in names})
