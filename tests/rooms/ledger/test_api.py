"""接口: tokens, listing, raising, evidence; refusals as problem documents; the document itself."""

import json
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.test import Client

from bihuan.audit import queries as audit
from bihuan.base import clock
from bihuan.ledger import queries, services
from bihuan.ledger.forms.api import FILTERS, PART, ListForm
from bihuan.ledger.models import Finding, Token
from bihuan.ledger.pages import api as pages
from bihuan.ledger.views import api, door
from bihuan.people import queries as people_queries
from bihuan.people import services as people
from bihuan.people.models import Account, Role, Unit
from tests.rooms.ledger.conftest import Walk, paper

ROOT = "/ledger/api/v1"
NEW = {"title": "路面积雪未清", "source": "public", "place": "前程路"}


def clerk_and_units():
    """What the fixtures `post` and `unit` give, for work on a connection of its own."""

    def post(username):
        found = people_queries.posts_of(Account.objects.get(username=username).person)
        return found.order_by("pk")[0]

    return post, lambda code: Unit.objects.get(code=code)


@pytest.fixture(autouse=True)
def no_failures_yet():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def give(post):
    """`give("clerk")`: a token and a client that carries it."""

    def made(username: str = "clerk", days: int = 30) -> tuple[Token, Client]:
        token, secret = services.give_token(
            by=post("admin"),
            name="热线",
            post=post(username),
            valid_to=clock.today() + timedelta(days=days),
        )
        return token, Client(headers={"Authorization": f"Bearer {secret}"})

    return made


def send(client: Client, body, **more):
    return client.post(f"{ROOT}/findings", json.dumps(body), "application/json", **more)


def details(answer) -> str:
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    return told["detail"]


# Tokens ------------------------------------------------------------------------------------------


def test_without_a_token_that_holds_nothing_is_told(give, post):
    token, client = give()
    for stranger in (Client(), Client(headers={"Authorization": "Bearer wrong"})):
        answer = stranger.get(f"{ROOT}/findings")
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert "令牌" in details(answer)
    assert client.get(f"{ROOT}/findings").status_code == 200
    assert Token.objects.get().used_on == clock.today()
    services.end_token(token, by=post("admin"))
    assert client.get(f"{ROOT}/findings").status_code == 401


def test_a_token_ends_with_its_day_and_with_its_post(give, post):
    _token, client = give(days=3)
    with clock.held_at(clock.now() + timedelta(days=4)):
        assert client.get(f"{ROOT}/findings").status_code == 401
    assert client.get(f"{ROOT}/findings").status_code == 200
    with clock.held_at(clock.now() + timedelta(days=2)):
        people.end_post(post("clerk"), by=None, on=clock.today() - timedelta(days=1))
        assert client.get(f"{ROOT}/findings").status_code == 401


def test_a_signed_in_browser_is_no_token(browse):
    assert browse("clerk").get(f"{ROOT}/findings").status_code == 401


def test_wrong_tokens_are_limited_and_do_not_lock_out_a_good_neighbour(give):
    _token, good = give()
    assert good.get(f"{ROOT}/findings").status_code == 200
    _other, new = give()
    guesser = Client(headers={"Authorization": "Bearer guess"})
    statuses = [guesser.get(f"{ROOT}/findings").status_code for _n in range(door.MOST_FAILURES + 2)]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    refused = guesser.get(f"{ROOT}/findings")
    assert (refused.headers["Retry-After"], "太多" in details(refused)) == ("300", True)
    assert good.get(f"{ROOT}/findings").status_code == 200
    assert new.get(f"{ROOT}/findings").status_code == 429  # not even looked at
    elsewhere = new.get(f"{ROOT}/findings", REMOTE_ADDR="10.0.0.9")
    assert elsewhere.status_code == 200


def test_a_token_can_do_what_its_post_can_and_nothing_more(give, walk):
    finding = walk.rectifying()
    _token, head = give("edu-head")
    assert head.get(f"{ROOT}/findings").json()["items"] == []
    assert head.get(f"{ROOT}/findings/{finding.number}").status_code == 404
    assert send(head, NEW).status_code == 403
    _token, reader = give("viewer")
    assert reader.get(f"{ROOT}/findings").status_code == 404
    role = Role.objects.get(code="clerk")
    _token, clerk = give("clerk")
    people.set_role(role, by=None, verbs=["ledger.view"], reach=role.reach)
    assert send(clerk, NEW).status_code == 403  # asked at each use, not when it was given


# Listing -----------------------------------------------------------------------------------------


def test_the_list_is_filtered_and_paged_to_the_end(give, post, unit):
    made = {Walk(post, unit).assigned().number for _n in range(5)}
    _token, client = give()
    address, seen = f"{ROOT}/findings?page_size=2&unit=economy&state=open", []
    while address:
        part = client.get(address).json()
        assert part["total"] == 5
        seen += [one["number"] for one in part["items"]]
        address = part["next"]
    assert (set(seen), len(seen)) == (made, 5)
    assert client.get(f"{ROOT}/findings?unit=education").json()["total"] == 0
    assert client.get(f"{ROOT}/findings?lamp=green&late=false").json()["total"] == 5
    assert client.get(f"{ROOT}/findings?late=true").json()["total"] == 0


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("colour=red", ""),
        ("late=perhaps", "late"),
        ("since=yesterday", "since"),
        ("unit=nowhere", "unit"),
        ("page_size=0", "page_size"),
        ("cursor=99999999999999999999", "cursor"),
        ("state=lost&page_size=x", "state"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_by_name(give, asked, field):
    _token, client = give()
    answer = client.get(f"{ROOT}/findings?{asked}")
    assert answer.status_code == 422
    details(answer)
    assert field in {fault["field"] for fault in answer.json()["errors"]}


def test_every_declared_filter_is_taken_and_no_other(db):
    (listing,) = (one for one in pages.OPERATIONS if one.code == "list_findings")
    assert [prop.name for prop in listing.query] == [*FILTERS, *PART]
    values = {"string": "x", "date": "2026-01-05", "boolean": "true", "integer": "5"}
    for prop in listing.query:
        code = "economy" if prop.name in ("unit", "lead") else values[prop.kind]
        for value in [*(prop.values() if prop.values else [code]), ""]:
            asked = QueryDict(mutable=True)
            asked[prop.name] = value
            assert ListForm(asked).is_valid(), (prop.name, value)


# Raising -----------------------------------------------------------------------------------------


def test_a_finding_is_raised_as_a_draft_and_tells_where_it_came_from(give, post):
    token, client = give()
    answer = send(client, NEW)
    assert answer.status_code == 201
    told = answer.json()
    assert client.get(answer.headers["Location"]).json() == told
    finding = Finding.objects.get(number=told["number"])
    assert (finding.state, finding.raised_by) == ("draft", post("clerk"))
    assert finding.origin_name == "热线"
    uses = audit.of(token).filter(act="ledger.token.use")
    assert json.loads(uses.get().changes)["finding"][1] == finding.number


def test_the_same_number_sent_again_is_the_same_finding(give):
    _token, client = give()
    body = NEW | {"external_number": "12345-678"}
    first = send(client, body)
    again = send(client, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    other = send(client, body | {"title": "另一件事"})
    assert other.status_code == 409
    assert first.json()["number"] in details(other)
    _token, same_post = give()  # the next token of the same system
    assert send(same_post, body).status_code == 200
    _token, leader = give("leader")  # another system has numbers of its own
    assert send(leader, body).status_code == 201


def test_all_that_is_wrong_is_told_at_once_in_the_language_asked_for(give):
    _token, client = give()
    body = {"title": " ", "source": "mars", "risk": 3, "deadline": "soon"}
    answer = send(client, body)
    assert answer.status_code == 422
    fields = [fault["field"] for fault in answer.json()["errors"]]
    assert sorted(fields) == ["", "risk", "source", "title"]
    assert answer.headers["Content-Language"] == "zh-hans"
    english = send(client, [], headers={"Accept-Language": "en"})
    assert english.headers["Content-Language"] == "en"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{", "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        ('"text"', "application/json", 422),
        ('{"title": "a\\u0000b", "source": "public"}', "application/json", 422),
        ('{"title": "\\ud800", "source": "public"}', "application/json", 422),
        ("title=x", "application/x-www-form-urlencoded", 415),
        (" " * 6_000_000, "application/json", 413),
    ],
)
def test_what_cannot_be_read_is_refused_as_a_problem(give, body, kind, status):
    _token, client = give()
    answer = client.post(f"{ROOT}/findings", body, kind)
    assert answer.status_code == status
    assert details(answer)


def test_a_wrong_method_and_a_wrong_address_are_problems_too(give):
    _token, client = give()
    answer = client.delete(f"{ROOT}/findings")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")
    assert client.get(f"{ROOT}/nothing").status_code == 404
    assert details(client.get(f"{ROOT}/findings/2020-0000"))


# Evidence ----------------------------------------------------------------------------------------


def bring(client: Client, finding: Finding, **fields):
    address = f"{ROOT}/findings/{finding.number}/evidence"
    return client.post(address, {"text": "现场照片", "upload": paper(), **fields})


def test_evidence_is_brought_as_the_post_would_bring_it(give, walk):
    finding = walk.rectifying()
    _token, client = give("econ-liaison")
    answer = bring(client, finding, kind="after", dated=clock.today().isoformat(), place="前程路")
    assert answer.status_code == 201
    brought = finding.evidence.get()
    assert answer.json()["sha256"] == brought.version.digest
    assert (brought.place, brought.kind) == ("前程路", "after")
    assert client.get(f"{ROOT}/findings/{finding.number}").json()["evidence"] == [answer.json()]


def test_evidence_obeys_the_rules_of_files_states_and_posts(give, walk, settings):
    finding = walk.acknowledged()
    _token, client = give("econ-liaison")
    assert bring(client, finding).status_code == 409  # no measures yet
    services.plan(finding, by=walk.post("econ-head"), text="核对")
    from django.core.files.uploadedfile import SimpleUploadedFile

    program = SimpleUploadedFile("照片.jpg", b"MZ" + b"\0" * 300)
    answer = bring(client, finding, upload=program)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "upload")
    settings.LARGEST_FILE = 10
    assert "上限" in details(bring(client, finding, upload=paper("很长的说明" * 9)))
    settings.LARGEST_FILE = 10_000
    assert bring(client, finding, extra=paper()).status_code == 422
    future = (clock.today() + timedelta(days=2)).isoformat()
    assert bring(client, finding, dated=future).status_code == 409
    address = f"{ROOT}/findings/{finding.number}/evidence"
    assert client.post(address, "{}", "application/json").status_code == 415
    broken = client.post(address, b"--x\r\n", "multipart/form-data")
    assert broken.status_code == 400
    assert not finding.evidence.exists()
    _token, checker = give("checker")
    assert bring(checker, finding).status_code == 403


# At the same time --------------------------------------------------------------------------------


def test_the_same_number_sent_by_four_at_once_is_one_finding(writers):
    def give_one(_number):
        post, _unit = clerk_and_units()
        until = clock.today() + timedelta(days=9)
        give = services.give_token
        return give(by=post("admin"), name="热线", post=post("clerk"), valid_to=until)[0].pk

    tokens = writers(give_one, 2)

    def raise_one(number):
        token = Token.objects.select_related("post").get(pk=tokens[number % 2])
        fields = {"title": "同一件事", "source": "public", "external_number": "A-1"}
        finding, new = services.raise_through(token, **fields)
        return finding.number, new

    made = writers(raise_one, 8)
    assert len({number for number, _new in made}) == 1
    assert sum(new for _number, new in made) == 1


def test_nothing_is_raised_through_a_token_that_was_ended_at_the_same_time(writers):
    from bihuan.base.errors import NotAllowed

    def prepare(_number):
        post, _unit = clerk_and_units()
        until = clock.today() + timedelta(days=9)
        return services.give_token(
            by=post("admin"), name="热线", post=post("clerk"), valid_to=until
        )[0].pk

    (pk,) = writers(prepare, 1)

    def work(number):
        post, _unit = clerk_and_units()
        token = Token.objects.select_related("post").get(pk=pk)
        if number == 2:
            return services.end_token(token, by=post("admin")).ended_at
        try:
            finding, _new = services.raise_through(token, title=f"第 {number} 件", source="public")
        except NotAllowed:
            return None
        return finding.created_at

    outcome = writers(work, 6)
    ended = outcome.pop(2)
    assert ended is not None
    assert any(made is None for made in outcome) or all(made <= ended for made in outcome)
    assert writers(lambda _n: queries.token_in_force(Token.objects.get(pk=pk).digest), 1) == [None]


# The document ------------------------------------------------------------------------------------


def test_the_document_is_valid_openapi_and_the_same_as_the_addresses(give, browse):
    _token, client = give()
    document = client.get(f"{ROOT}/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert {one.code for one in pages.OPERATIONS} == set(api.VIEWS)
    for path, methods in document["paths"].items():
        answer = client.options(ROOT + path.replace("{number}", "2020-0001"))
        assert answer.headers["Allow"].lower().split(", ") == list(methods)
    known = set(document["components"]["schemas"])
    assert set(re.findall(r"#/components/schemas/(\w+)", json.dumps(document))) <= known
    validator = pytest.importorskip("openapi_spec_validator")
    validator.validate(document)
    assert browse("admin").get(f"{ROOT}/openapi.json").json() == document
    assert browse("viewer").get(f"{ROOT}/openapi.json").status_code == 401


def test_what_is_given_out_is_what_the_document_says(give, walk):
    finding = walk.closed()
    _token, client = give()
    document = client.get(f"{ROOT}/openapi.json").json()
    full = document["components"]["schemas"]["FindingInFull"]
    told = client.get(f"{ROOT}/findings/{finding.number}").json()
    assert set(told) == set(full["properties"]) == set(full["required"])
    jsonschema = pytest.importorskip("jsonschema")
    schema = {"$ref": "#/components/schemas/FindingInFull", "components": document["components"]}
    jsonschema.validate(told, schema)


def test_people_read_the_same_on_a_page(browse):
    page = browse("admin").get("/ledger/api/").content.decode()
    for one in pages.OPERATIONS:
        assert one.path in page
    assert browse("viewer").get("/ledger/api/").status_code == 404
