"""Who reaches what: members, clerk, guides while invited; for others there is no meeting."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bihuan.audit.models import Entry
from bihuan.base import clock
from bihuan.reviews import queries, services
from bihuan.reviews.models import StepDocument
from bihuan.reviews.pages.acts import ACTS
from bihuan.reviews.rules import SHEETS
from bihuan.site import demo
from tests.rooms.reviews.conftest import at

INSIDE = {"clerk", "secretary", "leader", "member", "guide"}
CLERK_AND_HEAD = {"clerk", "secretary"}
SECRET = "示例暗语壬癸子"
EVERYBODY = [account.username for account in demo.ACCOUNTS]


@pytest.fixture
def held(review, post, hold, problem):
    """A meeting with one of everything, each with a word that must not get out."""
    clerk, found = post("clerk"), queries.seats(review)
    services.note_opinion(review, by=clerk, channel="written", text=SECRET, about="body")
    services.return_opinions(review, by=clerk)
    services.note_talk(
        review, by=clerk, seat=found[0], other=found[1], on=clock.today(), points=SECRET
    )
    paper = found[2].check_paper
    upload = SimpleUploadedFile(f"{SECRET}.txt", SECRET.encode())
    services.save_draft(paper, by=post("member"), text=SECRET, upload=upload)
    services.submit_paper(paper, by=post("member"))
    step = review.steps.get(code="study")
    services.attach(step, by=clerk, upload=SimpleUploadedFile(f"{SECRET}.txt", SECRET.encode()))
    made = hold(review)
    services.record_criticism(made, by=clerk, source=found[1], target=found[0], text=SECRET)
    services.comment(made, by=post("guide"), text=SECRET)
    problem(made)
    services.list_lower(made, by=clerk, units=queries.lower_units(made.body)[:1], due=clock.today())
    return made


def addresses(review):
    """Every page of one meeting, and who opens it."""
    found = queries.seats(review)
    talk, paper = review.talks.get(), found[2].check_paper
    document = StepDocument.objects.get(step__review=review)
    plain = ("review", "people", "opinions", "talks", "papers", "agenda", "record", "problems")
    pages = {
        reverse(f"reviews:{name}", args=[review.pk]): INSIDE for name in (*plain, "lower", "sheets")
    }
    pages |= {reverse("reviews:sheet", args=[review.pk, kind]): INSIDE for kind in SHEETS}
    pages[reverse("reviews:sheet-pdf", args=[review.pk, "record"])] = INSIDE
    pages |= {
        reverse("reviews:log", args=[review.pk]): CLERK_AND_HEAD,
        reverse("reviews:step", args=[review.pk, document.step_id]): INSIDE,
        reverse("reviews:document", args=[review.pk, document.pk]): INSIDE,
        reverse("reviews:talk", args=[review.pk, talk.pk]): {"clerk", "secretary", "leader"},
        reverse("reviews:paper", args=[review.pk, paper.pk]): INSIDE,
        reverse("reviews:paper-file", args=[review.pk, paper.pk, 1]): INSIDE,
        reverse("reviews:draft-file", args=[review.pk, paper.pk]): set(),  # there is none
    }
    return pages


def body_of(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_every_account_at_every_page(held, browse, db):
    pages = addresses(held)
    for username in ["", *EVERYBODY]:
        client = browse(username)
        for where, inside in pages.items():
            answer = client.get(where)
            content = body_of(answer)
            seen = (username, where, answer.status_code)
            if not username:
                assert answer.status_code == HTTPStatus.FOUND, seen
            elif username in inside:
                assert answer.status_code == HTTPStatus.OK, seen
            else:
                assert answer.status_code == HTTPStatus.NOT_FOUND, seen
                assert SECRET.encode() not in content, seen


def test_for_others_of_the_same_roles_there_is_no_meeting(held, browse, outsider):
    """Another body's member, another clerk, another group's guide."""
    others = {"body_member": "admin", "leader": "admin", "clerk": "office", "guide": "guides"}
    for role, unit in others.items():
        outsider(role, unit, f"{role.replace('_', '-')}-2")
        client = browse(f"{role.replace('_', '-')}-2")
        assert SECRET.encode() not in client.get("/reviews/").content
        assert held.label().encode() not in client.get("/reviews/").content
        for where in addresses(held):
            assert client.get(where).status_code == HTTPStatus.NOT_FOUND, (role, where)
        for name, act in ACTS.items():
            if act.part is None:
                where = reverse("reviews:act", args=[held.pk, name])
                assert client.post(where, {"reason": "x"}).status_code == HTTPStatus.NOT_FOUND


def test_a_guide_whose_time_is_over_finds_nothing(held, browse, post):
    with at(clock.today() + timedelta(days=41)):
        late = browse("guide")
        assert late.get("/reviews/").status_code == HTTPStatus.OK
        for where in addresses(held):
            assert late.get(where).status_code == HTTPStatus.NOT_FOUND, where
    guest = held.guests.get()
    assert browse("guide").get(held.get_absolute_url()).status_code == HTTPStatus.OK
    services.end_invitation(guest, by=post("clerk"), valid_to=clock.today())
    with at(clock.today() + timedelta(days=1)):
        assert browse("guide").get(held.get_absolute_url()).status_code == HTTPStatus.NOT_FOUND


def test_a_guide_sees_the_list_of_own_meetings_and_no_library(held, browse):
    guide = browse("guide")
    assert held.label() in guide.get("/reviews/").content.decode()
    for where in ("/reviews/library/", "/reviews/prepare/", "/reviews/library/rules/quorum/"):
        assert guide.get(where).status_code == HTTPStatus.NOT_FOUND
    assert "/reviews/" in guide.get("/").content.decode()  # it stands in the navigation
    assert "/reviews/" not in browse("edu-head").get("/").content.decode()


@pytest.mark.parametrize("username", sorted(INSIDE))
def test_each_reading_of_what_is_confidential_leaves_one_entry(held, browse, post, username):
    client = browse(username)
    found = queries.seats(held)
    paper = found[2].check_paper
    document = StepDocument.objects.get(step__review=held)
    wanted = {
        reverse("reviews:paper", args=[held.pk, paper.pk]): "reviews.paper.read",
        reverse("reviews:paper-file", args=[held.pk, paper.pk, 1]): "reviews.paper.read",
        reverse("reviews:document", args=[held.pk, document.pk]): "reviews.step.read",
        reverse("reviews:opinions", args=[held.pk]): "reviews.review.read_opinions",
        reverse("reviews:record", args=[held.pk]): "reviews.review.read_record",
    }
    wanted[reverse("reviews:sheet-pdf", args=[held.pk, "record"])] = "reviews.review.print"
    wanted |= {
        reverse("reviews:sheet", args=[held.pk, kind]): "reviews.review.print" for kind in SHEETS
    }
    for where, act in wanted.items():
        before = Entry.objects.count()
        body_of(client.get(where))
        entries = list(Entry.objects.order_by("seq")[before:])
        assert [(e.act, e.post_id) for e in entries] == [(act, post(username).pk)], where


def test_a_form_that_shows_a_confidential_text_is_a_reading_too(held, review, browse, post):
    client = browse("clerk")
    row = held.criticisms.get()
    for where in (
        reverse("reviews:act-on", args=[held.pk, "correct", row.pk]),
        reverse("reviews:act", args=[held.pk, "comment"]),
    ):
        before = Entry.objects.count()
        assert SECRET in client.get(where).content.decode()
        assert Entry.objects.count() == before + 1


def test_the_word_is_found_by_no_search_and_in_no_other_room(held, browse):
    """Lists with their search boxes, exports, the audit: as everybody, also those inside."""
    places = [
        f"/ledger/?text={SECRET}", f"/ledger/export/?text={SECRET}", "/ledger/", "/ledger/mine/",
        f"/facts/?text={SECRET}", f"/people/persons/?text={SECRET}",
        f"/people/units/?text={SECRET}",
        f"/audit/?thing={SECRET}", "/audit/", "/audit/export/", "/", "/reviews/", "/jobs/",
        f"/reviews/{held.pk}/log/",
    ]  # fmt: skip
    for username in EVERYBODY:
        client = browse(username)
        for where in places:
            content = body_of(client.get(where)).decode("utf-8", "ignore")
            # What was asked for may stand in the search box itself; nothing else may have it.
            assert content.count(SECRET) <= where.count(SECRET) * 3, (username, where)
            assert SECRET not in content or SECRET in where, (username, where)


def test_nobody_but_the_offered_acts(held, browse):
    """Acts that are not of this place are not found, even by address."""
    for username in ("leader", "member", "guide"):
        client = browse(username)
        for name in ("amend", "attendance", "list-problem", "list-lower", "invite"):
            where = reverse("reviews:act", args=[held.pk, name])
            assert client.get(where).status_code == HTTPStatus.NOT_FOUND, (username, name)
    assert browse("member").get(reverse("reviews:act", args=[held.pk, "close"])).status_code == 404
    assert (
        browse("secretary").get(reverse("reviews:act", args=[held.pk, "close"])).status_code == 200
    )


def test_parts_of_one_meeting_are_not_reached_through_another(held, browse, post):
    other = services.prepare(
        by=post("clerk"), kind="special", body=held.body, year=2026, theme="另一次", basis="通知",
        date=clock.today() + timedelta(days=30),
    )  # fmt: skip
    paper = queries.seats(held)[2].check_paper
    client = browse("clerk")
    assert client.get(reverse("reviews:paper", args=[other.pk, paper.pk])).status_code == 404
    where = reverse("reviews:act-on", args=[other.pk, "draft", paper.pk])
    assert client.post(where, {"text": "x"}).status_code == 404
