"""Every address as every role: what one may see opens, what one may not see is not found."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from bihuan.assessment import sample as assessment
from bihuan.assessment.models import Run, Scheme
from bihuan.ballots import bridge as boxes
from bihuan.ballots.models import Poll
from bihuan.ballots.views import doors
from bihuan.base import clock
from bihuan.designs import sample as designs
from bihuan.designs.models import Notice as PublicNotice
from bihuan.designs.models import ReviewMeeting
from bihuan.designs.models import Scheme as Design
from bihuan.engines.tally.box import PROMPT
from bihuan.facts import services as facts
from bihuan.facts.models import Doubt, Framework, Indicator, Observation, Submission, Term
from bihuan.fleet import sample as fleet
from bihuan.fleet.models import Depot, Device, Pass, Vehicle
from bihuan.fleet.services import report_pass
from bihuan.jobs.models import Job
from bihuan.jobs.services import carry_out
from bihuan.ledger import services as ledger
from bihuan.ledger.models import Evidence, Finding, Intake, Notice, Sample, Token
from bihuan.meetings import sample as meetings
from bihuan.meetings.models import Material, Meeting, Use
from bihuan.people import queries as people
from bihuan.people.models import Account, Person, Post, Role, Unit
from bihuan.press import sample as press
from bihuan.press.models import Opinion as Voice
from bihuan.press.models import Paper, Release
from bihuan.projects import sample as projects
from bihuan.projects.models import Blockage, Project
from bihuan.reviews import sample as reviews
from bihuan.reviews.models import Review
from bihuan.roads import sample as roads
from bihuan.roads.models import Section
from bihuan.site import demo
from bihuan.snow import sample as snow
from bihuan.snow.models import (
    DepartmentOrder,
    Inspection,
    Plan,
    Replay,
    SituationReport,
    Storm,
    WhatIf,
)
from bihuan.snow.models import Review as SnowReview
from bihuan.winter import sample as winter
from bihuan.winter.models import Drill, Front, Season, Store, Team
from tests.exchange.ledgers import HEAD, problem, workbook
from tests.halls import one_connection
from tests.pages.who import KEYED, OPEN, POST_ONLY, WHO

EVERYBODY = tuple(account.username for account in demo.ACCOUNTS)
STRANGER = ""
SIGN_IN = "/people/sign-in/"


def routes(patterns: list[Any] | None = None, prefix: str = "") -> dict[str, URLPattern]:
    """Each route of the house as it is written in the tables of addresses."""
    found: dict[str, URLPattern] = {}
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found |= routes(pattern.url_patterns, route)
        else:
            found.setdefault(route, pattern)
    return found


def _acting(username: str) -> Post:
    return people.posts_of(Account.objects.get(username=username).person).order_by("pk")[0]


def _economy() -> Finding:
    return Finding.objects.filter(lead_unit__code="economy").order_by("pk")[0]


def _meeting() -> int:
    return Meeting.objects.get(state="done").pk


def _being_filled() -> int:
    return Submission.objects.order_by("-pk")[0].pk


def _first(model: Any) -> Callable[[], int]:
    return lambda: model.objects.order_by("pk")[0].pk


def _first_plan() -> Plan:
    return Plan.objects.order_by("pk")[0]


def _counted() -> Poll:
    """The poll of the sample's finished round."""
    return Poll.objects.filter(outcome__isnull=False).order_by("pk")[0]


def _review() -> dict[str, Any]:
    """The review meeting in preparation: the secretary's paper is submitted, with a file."""
    review = Review.objects.get(sample=True, state="preparing")
    step = review.steps.get(code="plan")
    return {
        "pk": review.pk,
        "step": step.pk,
        "document": step.papers.get().pk,
        "talk": review.talks.exclude(points="").get().pk,
        "paper": review.papers.get(seat__head=True).pk,
        "number": 1,
        "kind": "agenda",
        "name": "amend",
    }


def _project() -> dict[str, Any]:
    """The economy bureau's project under construction, with one of everything."""
    project = Project.objects.get(name__startswith="示例数据1")
    return {
        "pk": project.pk,
        "step": project.work.all()[0].pk,
        "plan": project.plans.all()[0].pk,
        "version": project.steps.all()[0].proof_id,
        "kind": "blockage",
        "key": "1",
        "name": "amend",
    }


def _design() -> dict[str, Any]:
    """The reviewed scheme of the sample: two versions, an answered opinion, an open notice."""
    scheme = Design.objects.filter(sample=True, notices__isnull=False)[0]
    return {
        "pk": scheme.pk,
        "number": 1,
        "order": 1,
        "old": 1,
        "new": 2,
        "edition": "3-0",
        "notice": PublicNotice.objects.get().pk,
    }


# What stands for the variable pieces of a route: the first thing of its kind that one bureau owns.
SAMPLES: dict[str, Callable[[], dict[str, Any]]] = {
    "zone/doubts/<int:pk>/": lambda: {"pk": _first(Doubt)()},
    "facts/doubts/<int:pk>/": lambda: {"pk": _first(Doubt)()},
    "facts/observations/<int:pk>/": lambda: {"pk": _first(Observation)()},
    "facts/indicators/<int:pk>/": lambda: {"pk": _first(Indicator)()},
    "facts/frameworks/<int:pk>/": lambda: {"pk": _first(Framework)()},
    **{
        f"facts/submissions/<int:pk>/{act}/": lambda: {"pk": _being_filled()}
        for act in ("fill", "paste", "confirm", "drop")
    },
    "facts/submissions/<int:pk>/": lambda: {"pk": _first(Submission)()},
    "ledger/import/<int:pk>/": lambda: {"pk": _first(Intake)()},
    "ledger/tables/<slug:code>/": lambda: {"code": "lamps"},
    "ledger/notices/<int:pk>/": lambda: {"pk": _first(Notice)()},
    "ledger/samples/<int:pk>/": lambda: {"pk": _first(Sample)()},
    "ledger/tokens/<int:pk>/": lambda: {"pk": _first(Token)()},
    "ledger/bulletin/": lambda: {"year": clock.today().year, "month": clock.today().month},
    "ledger/notices/approve/": lambda: {"pk": _economy().pk},
    "facts/terms/<int:pk>/": lambda: {"pk": _first(Term)()},
    "facts/export.<slug:kind>": lambda: {"kind": "csv"},
    "roads/sections/<slug:code>/": lambda: {"code": Section.objects.all()[0].code},
    "press/papers/<int:pk>/file.<slug:kind>": lambda: {
        "pk": Paper.objects.get().pk,
        "kind": "pdf",
    },
    "press/papers/<int:pk>/": lambda: {"pk": Paper.objects.get().pk},
    "press/templates/<slug:kind>/": lambda: {"kind": "notice"},
    "press/<int:pk>/": lambda: {
        "pk": Release.objects.filter(state="published")[0].pk,
        "name": "pass",
    },
    "public/figures.<slug:kind>": lambda: {"kind": "csv"},
    "public/<slug:slug>/": lambda: {
        "slug": Release.objects.filter(state="published")[0].slug,
    },
    "public/roads.<slug:kind>": lambda: {"kind": "csv"},
    "press/opinions/<int:pk>/": lambda: {"pk": _first(Voice)()},
    "winter/seasons/<int:pk>/": lambda: {"pk": _first(Season)()},
    "winter/teams/<int:pk>/": lambda: {"pk": _first(Team)()},
    "winter/stores/<int:pk>/": lambda: {"pk": _first(Store)()},
    "winter/drills/<int:pk>/": lambda: {"pk": _first(Drill)()},
    "winter/fronts/<int:pk>/": lambda: {"pk": _first(Front)()},
    "winter/roster/file.<slug:kind>": lambda: {"kind": "csv"},
    "winter/photos/<int:pk>/": lambda: {"pk": 1},
    "winter/tables/<slug:code>/": lambda: {"code": "levels"},
    "winter/act/<slug:kind>/<int:pk>/<slug:name>/": lambda: {
        "kind": "season",
        "pk": _first(Season)(),
        "name": "sign",
    },
    "snow/tables/<slug:code>/": lambda: {"code": "prices"},
    "snow/photos/<slug:kind>/<int:pk>/": lambda: {"kind": "report", "pk": 1},
    "snow/events/<int:pk>/": lambda: {"pk": _first(Storm)()},
    "snow/orders/<int:pk>/": lambda: {"pk": _first(DepartmentOrder)()},
    "snow/situations/<int:pk>/": lambda: {"pk": _first(SituationReport)()},
    "snow/inspections/<int:pk>/": lambda: {"pk": _first(Inspection)()},
    "snow/reviews/<int:pk>/": lambda: {"pk": _first(SnowReview)()},
    "snow/replays/<int:pk>/": lambda: {"pk": _first(Replay)()},
    "snow/plans/<int:pk>/": lambda: {
        "pk": _first(Plan)(),
        "number": _first_plan().tours["tours"][0]["vehicle"] + 1,
        "name": "tours",
    },
    "snow/whatifs/<int:pk>/": lambda: {"pk": _first(WhatIf)()},
    "snow/act/<slug:kind>/<int:pk>/<slug:name>/": lambda: {
        "kind": "storm",
        "pk": _first(Storm)(),
        "name": "end",
    },
    "ledger/units/<int:pk>/": lambda: {"pk": Unit.objects.get(code="economy").pk},
    "ledger/api/v1/findings/<slug:number>": lambda: {"number": _economy().number},
    "ledger/api/v1/<path:rest>": lambda: {"rest": "nothing/here"},
    "ledger/<int:pk>/evidence/": lambda: {
        "pk": Evidence.objects.order_by("pk")[0].finding_id,
        "evidence": _first(Evidence)(),
    },
    "ledger/<int:pk>/": lambda: {"pk": _economy().pk, "name": "acknowledge"},
    "assessment/entrants/of/<slug:code>/": lambda: {"code": "zone"},
    "assessment/schemes/<int:pk>/nodes/": lambda: {"pk": _first(Scheme)(), "code": "gdp"},
    "assessment/schemes/<int:pk>/rules/": lambda: {
        "pk": Scheme.objects.get(code="unit-year").pk,
        "code": "commended",
    },
    "assessment/runs/<int:pk>/results.<slug:kind>": lambda: {
        "pk": _first(Run)(),
        "kind": "xlsx",
    },
    "assessment/schemes/<int:pk>/": lambda: {"pk": _first(Scheme)()},
    "assessment/runs/<int:pk>/": lambda: {
        "pk": Run.objects.filter(previous__isnull=False)[0].pk,
        "code": "zone",
        "kind": "low",
        "node": "gdp",
    },
    "assessment/<int:pk>/": lambda: {
        "pk": Run.objects.order_by("pk")[0].round_id,
        "rule": "jump",
        "code": "zone",
    },
    "reviews/library/steps/": lambda: {"code": "report"},
    "reviews/library/rules/": lambda: {"code": "quorum"},
    "reviews/<int:pk>/do/<slug:name>/<int:thing>/": lambda: {
        **_review(),
        "name": "finish",
        "thing": Review.objects.get(pk=_review()["pk"]).steps.get(code="opinions").pk,
    },
    "reviews/<int:pk>/": _review,
    "meetings/<int:pk>/": lambda: {
        "pk": _meeting(),
        "name": "close",
        "part": "basics",
        "material": _first(Material)(),
        "guest": 1,
        "code": "education",
        "number": 1,
        "use": Use.objects.filter(reporter__meeting=_meeting())[0].pk,
        "kind": "grade",
        "key": "all",
    },
    "b/<slug:slug>/": lambda: {
        "slug": _counted().slug,
        "key": _counted().screen_key,
        "name": "freeze",
        "number": 1,
        "kind": "slip",
    },
    "projects/key/<int:year>/": lambda: {"year": clock.today().year},
    "projects/filings/<int:year>/": lambda: {"year": clock.today().year, "month": 1},
    "projects/library/steps/": lambda: {"code": "construction_permit"},
    "projects/library/tables/": lambda: {"code": "ladder"},
    "projects/<int:pk>/do/<slug:name>/<int:thing>/": lambda: {
        **_project(),
        "name": "note-blockage",
        "thing": Blockage.objects.filter(solved_on__isnull=True)[0].pk,
    },
    "projects/<int:pk>/": _project,
    "designs/aspects/<slug:code>/": lambda: {"code": "image"},
    "designs/public/<slug:slug>/": lambda: {"slug": PublicNotice.objects.get().slug, "number": 1},
    "designs/meetings/<int:pk>/items/": lambda: {
        "pk": _first(ReviewMeeting)(),
        "number": 1,
        "name": "conclude",
    },
    "designs/meetings/<int:pk>/": lambda: {"pk": _first(ReviewMeeting)(), "name": "amend"},
    "designs/<int:pk>/notices/": lambda: {**_design(), "name": "outcome"},
    "designs/<int:pk>/versions/": lambda: {**_design(), "name": "compare"},
    "designs/<int:pk>/opinions/": lambda: {**_design(), "name": "remark"},
    "designs/<int:pk>/": lambda: {**_design(), "name": "amend"},
    "fleet/depots/<int:pk>/": lambda: {"pk": _first(Depot)()},
    "fleet/devices/<int:pk>/": lambda: {"pk": _first(Device)()},
    "fleet/passes/<int:pk>/": lambda: {"pk": _first(Pass)()},
    "fleet/<int:pk>/": lambda: {"pk": _first(Vehicle)()},
    "snow/phone/tasks/<int:pk>/": lambda: {"pk": 1},
    "people/units/<int:pk>/": lambda: {
        "pk": Unit.objects.get(code="economy").pk,
        "name": "rename",
    },
    "people/persons/<int:pk>/": lambda: {"pk": _first(Person)(), "name": "appoint"},
    "people/roles/<int:pk>/": lambda: {"pk": _first(Role)()},
    "days/limits/<slug:code>/": lambda: {"code": "urgent"},
    "days/<int:year>/": lambda: {"year": 2026},
    "jobs/<int:pk>/": lambda: {"pk": _first(Job)()},
}


def address(route: str) -> str:
    """A real address for the route."""
    if "<" not in route:
        return f"/{route}"
    pieces = next(give() for start, give in SAMPLES.items() if route.startswith(start))
    for name, value in pieces.items():
        for kind in ("int", "slug", "path"):
            route = route.replace(f"<{kind}:{name}>", str(value))
    assert "<" not in route, route
    return f"/{route}"


@pytest.fixture(scope="module", autouse=True)
def busy_zone(told: None, django_db_blocker: Any) -> None:
    """One thing of every kind that has an address of its own."""
    with django_db_blocker.unblock():
        clerk = _acting("clerk")
        book = workbook([[HEAD, problem(1), problem(2)]])
        ledger.receive_workbook(by=clerk, upload=SimpleUploadedFile("示例.xlsx", book))
        with pytest.MonkeyPatch.context() as patch:  # the same rules, fewer peers and draws
            patch.setattr(assessment, "DRAWS", 50)
            patch.setattr(assessment, "PEERS", {"east": 29, "centre": 18, "west": 13})
            assessment.load_sample()
        # One after another, nobody to wait for, in this transaction.
        with pytest.MonkeyPatch.context() as patch, one_connection():
            patch.setattr(boxes, "PACE", PROMPT)
            meetings.load_sample(together=1)
        reviews.load_sample()
        projects.load_sample()
        designs.load_sample()
        press.load_sample()
        roads.load_sample()
        fleet.load_sample()
        winter.load_sample()
        asked = Release.objects.filter(state="published")[0]
        Release.objects.filter(pk=asked.pk).update(opinions_until=clock.today())
        Voice.objects.create(release=asked, number=1, text="示例意见")
        event = snow.load_sample(_acting("leader"))
        assert event is not None
        Replay.objects.create(review=event.review, kind="more", seed=1)
        planned = _first_plan()
        assert planned.job is not None
        carry_out(planned.job.pk)
        WhatIf.objects.create(plan=_first_plan(), kind="vehicles")
        passed = clock.now()
        report_pass("示例路段", by=None, from_at=passed, to_at=passed)
        Device.objects.create(
            name="示例设备", company=Unit.objects.get(code="sanitation"), digest="0" * 64
        )
        statistician = _acting("statistician")
        facts.define_term(by=statistician, kind="limit", word="示例限定")
        facts.open_submission(by=statistician, unit=statistician.unit, period="2025")
        ledger.remind(by=None)
        Sample.objects.create(
            seed="示例种子", day=clock.today(), population=[], shares={}, drawn=[], digest="0" * 64
        )  # fmt: skip
        ledger.give_token(by=_acting("admin"), name="示例系统", post=clerk, valid_to=clock.today())
        Job.objects.create(
            kind="sample", title="示例作业", by=clerk, inputs={}, inputs_digest="0" * 64, seed=1,
            engine_version="0", process="elsewhere",
        )  # fmt: skip


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong code costs a moment; so many of them would cost minutes."""
    monkeypatch.setattr(doors, "pause", lambda seconds: None)


@pytest.fixture(scope="module")
def cookies(busy_zone: None, django_db_blocker: Any) -> dict[str, str]:
    """Everybody of the sample zone, signed in, and a stranger: what their browsers hold."""
    held = {}
    with django_db_blocker.unblock():
        for username in (*EVERYBODY, STRANGER):
            client = Client()
            if username:
                fields = {"username": username, "password": demo.PASSWORD}
                assert client.post(SIGN_IN, fields).status_code == HTTPStatus.FOUND
            held[username] = client.cookies.output(header="", sep=";")
    return held


@pytest.fixture
def visitors(cookies: dict[str, str], db: None) -> dict[str, Client]:
    """A browser for each, as if newly opened: signing out in one test ends nothing in the next."""
    clients = {}
    for username, held in cookies.items():
        clients[username] = Client(raise_request_exception=False)
        clients[username].cookies.load(held)
    return clients


def test_every_route_is_in_the_table():
    assert set(routes()) == set(WHO)


@pytest.mark.parametrize("route", WHO)
def test_who_may_open_it(route: str, visitors: dict[str, Client], db: None):
    expected, where = WHO[route], address(route)
    for username, client in visitors.items():
        answer = client.get(where)
        if answer.streaming:  # what is handed out as a file is closed at its end
            list(answer.streaming_content)
        seen = (username or "a stranger", answer.status_code)
        if expected is POST_ONLY:
            assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED, seen
        elif expected is OPEN:
            assert answer.status_code in (HTTPStatus.OK, HTTPStatus.FOUND), seen
        elif expected is KEYED:
            assert answer.status_code == HTTPStatus.UNAUTHORIZED or (
                route.endswith("openapi.json") and answer.status_code == HTTPStatus.OK
            ), seen
        elif not username:
            assert answer.status_code == HTTPStatus.FOUND, seen
            assert answer["Location"].startswith(SIGN_IN), seen
        elif username in expected:
            assert answer.status_code in (HTTPStatus.OK, HTTPStatus.FOUND), seen
        else:
            assert answer.status_code == HTTPStatus.NOT_FOUND, seen


@pytest.mark.parametrize("route", WHO)
def test_nothing_is_done_by_an_empty_form_and_nobody_meets_a_fault(
    route: str, visitors: dict[str, Client], db: None
):
    """POST as everybody: no fault of ours, no act for whoever may not even look."""
    expected, where = WHO[route], address(route)
    for username, client in visitors.items():
        answer = client.post(where, {})
        if answer.streaming:  # what is handed out as a file is closed at its end
            list(answer.streaming_content)
        seen = (username or "a stranger", answer.status_code)
        assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, seen
        if expected in (OPEN, POST_ONLY):
            continue
        if not username or expected is KEYED or username not in expected:
            refused = answer.status_code in (
                HTTPStatus.UNAUTHORIZED,
                HTTPStatus.FORBIDDEN,
                HTTPStatus.NOT_FOUND,
                HTTPStatus.METHOD_NOT_ALLOWED,
            )
            led_to_sign_in = answer.headers.get("Location", "").startswith(SIGN_IN)
            assert refused or (not username and led_to_sign_in), seen
