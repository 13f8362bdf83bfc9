"""The pages do the verbs, keep what was typed, and stand hostile names."""

from datetime import timedelta
from http import HTTPStatus

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from bihuan.base import clock
from bihuan.people import services as people
from bihuan.people.models import Person, Role, Unit
from bihuan.reviews import queries, services
from bihuan.reviews.models import Review
from bihuan.reviews.rules import SHEETS

HOSTILE = "<script>alert(1)</script>'\"&{{ 7*7 }}%s\u202e恶"


def act(review, name, thing=None):
    args = [review.pk, name] if thing is None else [review.pk, name, thing.pk]
    return reverse("reviews:act" if thing is None else "reviews:act-on", args=args)


def test_a_meeting_is_prepared_from_the_page(browse):
    fields = {
        "kind": "special", "body": Unit.objects.get(code="party").pk, "year": 2026,
        "theme": "主题", "basis": "通知", "date": clock.today() + timedelta(days=20),
    }  # fmt: skip
    client = browse("clerk")
    answer = client.post("/reviews/prepare/", fields)
    review = Review.objects.get()
    assert answer.headers["Location"] == review.get_absolute_url()
    assert "会前 6 步，已办 0 步" in client.get(review.get_absolute_url()).content.decode()
    faulty = client.post("/reviews/prepare/", {**fields, "theme": "", "year": "二〇二六"})
    assert faulty.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "通知" in faulty.content.decode()  # what was right is still there


def test_an_opinion_that_names_its_writer_is_warned_of_and_then_taken(review, browse):
    client, where = browse("clerk"), act(review, "note-opinion")
    fields = {"channel": "written", "text": "我是某局的，建议多调研。", "about": "body"}
    answer = client.post(where, fields)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "像是写了自己是谁" in answer.content.decode()
    assert review.opinions.count() == 0
    client.post(where, {**fields, "all_the_same": "on"})
    assert review.opinions.count() == 1
    assert "不要写自己的姓名" in client.get(where).content.decode()


def test_a_member_writes_and_submits_and_the_group_sends_back(review, browse, post):
    paper = queries.papers(review).get(seat__post=post("member"))
    member, guide = browse("member"), browse("guide")
    member.post(act(review, "draft", paper), {"text": "初稿的话"})
    assert "初稿的话" in member.get(paper.get_absolute_url()).content.decode()
    assert "初稿的话" not in guide.get(paper.get_absolute_url()).content.decode()
    assert guide.get(act(review, "draft", paper)).status_code == HTTPStatus.NOT_FOUND
    member.post(act(review, "submit", paper))
    assert "初稿的话" in guide.get(paper.get_absolute_url()).content.decode()
    answer = guide.post(act(review, "judge-paper", paper), {"passed": "no", "text": ""})
    assert "请写明审阅意见" in answer.content.decode()
    guide.post(act(review, "judge-paper", paper), {"passed": "no", "text": "再深一层"})
    assert "再深一层" in member.get(paper.get_absolute_url()).content.decode()


def test_the_meeting_runs_from_the_pages(review, browse, post, sit):
    sat = sit(review)
    client = browse("clerk")
    while (item := queries.current_item(sat)) is not None:
        everybody = [seat.pk for seat in queries.seats(sat)]
        guests = [guest.pk for guest in sat.guests.all()]
        fields = {"speakers": everybody, "guests": guests if item.kind == "comment" else []}
        assert client.post(act(sat, "finish-item", item), fields).status_code == HTTPStatus.FOUND
    browse("secretary").post(act(sat, "end"))
    sat.refresh_from_db()
    assert sat.state == "held"
    page = client.get(reverse("reviews:agenda", args=[sat.pk])).content.decode()
    assert "书记、副书记、委员" in page


def test_one_press_puts_a_problem_into_the_ledger(review, browse, hold, problem):
    held = hold(review)
    one = problem(held)
    client = browse("clerk")
    client.post(act(held, "raise-problem", one))
    finding = queries.findings(held)[one.pk]
    page = client.get(reverse("reviews:problems", args=[held.pk])).content.decode()
    assert finding.number in page
    # The origin is named in the ledger; who is not in the meeting does not get further.
    ledger = browse("econ-head").get(finding.get_absolute_url()).content.decode()
    assert "问题清单第1条" in ledger
    assert browse("econ-head").get(one.get_absolute_url()).status_code == HTTPStatus.NOT_FOUND


def test_hostile_names_break_no_page(review, browse, post, hold, problem):
    person = Person.objects.get(pk=post("member").person_id)
    people.amend_person(person, by=None, name=HOSTILE[:60])
    clerk, found = post("clerk"), queries.seats(review)
    services.note_opinion(review, by=clerk, channel="written", text=HOSTILE, origin=HOSTILE)
    services.attach(
        review.steps.get(code="study"), by=clerk,
        upload=SimpleUploadedFile(f"{HOSTILE}/../{'长' * 300}.txt", b"x"),
    )  # fmt: skip
    held = hold(review)
    services.record_criticism(held, by=clerk, source=found[2], target=found[0], text=HOSTILE)
    problem(held, HOSTILE)
    client = browse("clerk")
    plain = ("review", "people", "opinions", "talks", "papers", "agenda", "record", "problems")
    for name in (*plain, "lower"):
        page = client.get(reverse(f"reviews:{name}", args=[held.pk])).content.decode()
        assert "<script>alert" not in page, name
    for kind in SHEETS:
        page = client.get(reverse("reviews:sheet", args=[held.pk, kind])).content.decode()
        assert "<script>alert" not in page, kind


def test_a_step_of_the_library_is_changed_on_its_page(review, browse):
    client = browse("clerk")
    where = "/reviews/library/steps/report/"
    assert client.get(where).status_code == HTTPStatus.OK
    row = queries.template("report")
    names = ("name", "name_en", "phase", "order", "unit", "documents", "note")
    fields = {name: getattr(row, name) for name in names}
    fields |= {"days": 10, "source": "示例：上级通知", "grade": "O", "in_use": "on", "paper": "on"}
    assert client.post(where, fields).status_code == HTTPStatus.FOUND
    assert queries.template("report").days == 10
    assert browse("leader").post(where, fields).status_code == HTTPStatus.FORBIDDEN
    assert queries.template("report").days == 10


def test_the_settings_are_changed_on_their_pages(browse):
    client = browse("clerk")
    rule = {"source": "示例依据", "grade": "O"}
    client.post("/reviews/library/rules/quorum/", {**rule, "part": 4, "whole": 5})
    assert queries.setting("quorum") == {"part": 4, "whole": 5}
    answer = client.post("/reviews/library/rules/quorum/", {**rule, "part": 6, "whole": 5})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    lines = "first｜准备｜Preparation\nsecond|结果"
    client.post("/reviews/library/rules/judgements/", {**rule, "lines": lines})
    assert queries.setting("judgements") == [
        ["first", "准备", "Preparation"],
        ["second", "结果", ""],
    ]
    answer = client.post("/reviews/library/rules/grades/", {**rule, "lines": "好\nx｜好\nx｜差"})
    page = answer.content.decode()
    assert "第 1 行" in page
    assert "代码重复" in page


def test_pages_are_read_in_english_too(review, browse):
    client = browse("clerk")
    with translation.override("en"):
        answer = client.get(review.get_absolute_url(), headers={"accept-language": "en"})
    assert answer.status_code == HTTPStatus.OK


def test_the_guide_role_reaches_its_own_unit_only(post):
    assert post("guide").role == Role.objects.get(code="guide")
    assert post("guide").role.reach == "unit"
