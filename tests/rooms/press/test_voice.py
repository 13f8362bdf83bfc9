"""Opinions on a published text: from anybody, counted, answered, raised; never who wrote them."""

from datetime import timedelta

import pytest

from bihuan.audit.models import Entry
from bihuan.base import clock
from bihuan.base.errors import NotAllowed, NotFound, Refused
from bihuan.ledger.models import Finding
from bihuan.press import queries, rules, services
from bihuan.press.models import Opinion, Visit
from bihuan.site import loop


@pytest.fixture
def asking(release, published):
    """A published text that takes opinions for ten days."""
    return published(release(opinions_until=clock.today() + timedelta(days=10)))


def test_anybody_writes_without_signing_in_and_the_office_reads(asking, browse):
    stranger = browse()
    story = stranger.get(asking.public_url()).content.decode()
    where = f"/public/{asking.slug}/say/"
    assert where in story
    form = stranger.get(where)
    assert form.headers["Cache-Control"] == "no-store"
    answer = stranger.post(where, {"text": "多种些树。", "contact": "信箱 12"}, follow=True)
    assert "编号 1" in answer.content.decode()
    one = Opinion.objects.get()
    clerk = browse("clerk").get(one.get_absolute_url()).content.decode()
    assert "多种些树。" in clerk
    assert "信箱 12" in clerk
    for reader in (asking.public_url(), "/public/"):
        assert "信箱 12" not in browse().get(reader).content.decode()
    assert browse("duty").get(one.get_absolute_url()).status_code == 404
    assert not Entry.objects.filter(note__contains="信箱").exists()


def test_a_text_that_asks_nothing_takes_nothing(release, published, browse):
    plain = published(release())
    assert browse().get(f"/public/{plain.slug}/say/").status_code == 404
    with pytest.raises(NotFound):
        services.receive(plain, text="意见", address="a")


def test_nothing_is_taken_before_publication_or_after_the_last_day(release, asking, browse):
    draft = release(opinions_until=clock.today())
    with pytest.raises(NotFound):
        services.receive(draft, text="意见", address="a")
    with clock.held_at(clock.now() + timedelta(days=11)):
        with pytest.raises(NotFound):
            services.receive(asking, text="晚了", address="a")
        assert browse().get(f"/public/{asking.slug}/say/").status_code == 404


@pytest.mark.parametrize("text", ["", "  \n", "长" * (rules.VISITS.longest + 1)])
def test_empty_or_endless_is_refused_and_kept_in_the_form(asking, browse, text):
    answer = browse().post(f"/public/{asking.slug}/say/", {"text": text})
    assert answer.status_code == 422
    assert Opinion.objects.count() == 0


def test_programs_that_fill_in_every_field_are_not_taken(asking, browse):
    told = {"text": "便宜卖", "website": "http://example.org"}
    assert browse().post(f"/public/{asking.slug}/say/", told).status_code == 422
    assert Opinion.objects.count() == 0


def test_an_hour_takes_so_many_from_one_place_and_forgets_the_place(asking, browse):
    for number in range(rules.VISITS.of_one):
        services.receive(asking, text=f"意见 {number}", address="203.0.113.9")
    with pytest.raises(Refused, match="太多"):
        services.receive(asking, text="又一条", address="203.0.113.9")
    services.receive(asking, text="别处来的", address="203.0.113.10")
    assert all("203" not in one.key for one in Visit.objects.all())
    with clock.held_at(clock.now() + timedelta(days=2)):
        services.receive(asking, text="过后", address="203.0.113.9")
        assert Visit.objects.count() == 1


def test_answering_erases_the_contact_and_is_done_once(asking, post):
    one = services.receive(asking, text="树。", address="a", contact="信箱 12")
    with pytest.raises(NotAllowed):
        services.settle(one, by=post("duty"), answer="好")
    with pytest.raises(Refused, match="怎样办"):
        services.settle(one, by=post("clerk"), answer=" ")
    one = services.settle(one, by=post("clerk"), answer="已转规划部门。")
    assert (one.state, one.contact) == ("answered", "")
    with pytest.raises(Refused, match="办理过"):
        services.settle(one, by=post("clerk"), answer="再办")


def test_an_opinion_becomes_a_finding_with_residents_as_its_source(asking, post, browse):
    one = services.receive(asking, text="路口没有信号灯。", address="a", contact="信箱 12")
    page = browse("clerk").get(one.get_absolute_url()).content.decode()
    assert f"/press/opinions/{one.pk}/raise/" in page
    browse("clerk").post(f"/press/opinions/{one.pk}/raise/")
    finding = Finding.objects.get(source="public")
    one.refresh_from_db()
    assert (one.state, one.contact) == ("raised", "")
    assert finding.number in one.answer
    assert "信箱" not in finding.description
    assert (
        one.get_absolute_url() in browse("clerk").get(finding.get_absolute_url()).content.decode()
    )
    with pytest.raises(Refused):
        loop.raise_from_opinion(one, by=post("clerk"))
    assert Finding.objects.filter(source="public").count() == 1


def test_the_outcome_stands_under_the_text_for_everybody(asking, post, browse):
    with pytest.raises(Refused, match="手机号码"):
        services.tell_outcome(asking, by=post("clerk"), outcome="已答复 13800138000。")
    services.tell_outcome(asking, by=post("clerk"), outcome="收到 3 条，采纳 2 条。")
    assert "采纳 2 条" in browse().get(asking.public_url()).content.decode()
    with pytest.raises(NotAllowed):
        services.tell_outcome(asking, by=post("econ-liaison"), outcome="别的")


def test_the_front_page_says_what_is_asked_and_stops_when_it_ends(asking, browse):
    front = browse().get("/public/").content.decode()
    assert "正在征求意见" in front
    with clock.held_at(clock.now() + timedelta(days=11)):
        assert list(queries.asking()) == []


def test_a_last_day_in_the_past_is_refused(release):
    with pytest.raises(Refused, match="截止日期"):
        release(opinions_until=clock.today() - timedelta(days=1))


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=HYPERLINK(1)", "\u202e倒着写"])
def test_hostile_opinions_are_harmless(asking, browse, text):
    browse().post(f"/public/{asking.slug}/say/", {"text": text})
    page = browse("clerk").get(Opinion.objects.get().get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "\u202e" not in page
