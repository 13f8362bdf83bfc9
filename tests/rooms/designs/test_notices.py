"""Public notice: what may be shown, for how long, and residents who stay nobody."""

import re
from datetime import timedelta

import pytest

from bihuan.audit.models import Entry
from bihuan.base import clock
from bihuan.base.errors import NotFound, Refused
from bihuan.designs import services
from bihuan.designs.models import Aspect, Contact, Opinion
from bihuan.press.models import Visit
from bihuan.press.rules import VISITS


@pytest.fixture
def told():
    return {
        "title": "公示", "text": "欢迎提意见。", "first": clock.today(),
        "last": clock.today() + timedelta(days=15), "pages": [1],
    }  # fmt: skip


@pytest.fixture
def notice(scheme, people, told):
    return services.publish(
        scheme, by=people.planner, version=scheme.versions.get(number=1), **told
    )


@pytest.fixture
def aspect(db):
    return Aspect.objects.get(code="green")


def test_a_notice_is_not_shorter_than_the_law_says(scheme, people, told):
    told |= {"last": clock.today() + timedelta(days=8), "pages": [], "title": ""}
    with pytest.raises(Refused) as refused:
        services.publish(scheme, by=people.planner, version=scheme.versions.get(number=1), **told)
    assert len(refused.value.sentences) == 3


def test_a_stranger_sees_the_chosen_page_and_no_other(notice, browse):
    stranger = browse()
    page = stranger.get(notice.get_absolute_url())
    assert page.status_code == 200
    assert "plan.pdf" not in page.content.decode()
    shown = stranger.get(f"{notice.get_absolute_url()}pages/1/")
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8")
    assert stranger.get(f"{notice.get_absolute_url()}pages/2/").status_code == 404
    assert stranger.get(f"/designs/{notice.scheme_id}/versions/1/files/1/").status_code == 302


def test_a_resident_writes_without_signing_in(notice, browse):
    stranger = browse()
    aspect = Aspect.objects.get(code="green")
    answer = stranger.post(
        notice.get_absolute_url(),
        {"text": "多种些树。", "aspect": aspect.pk, "page": "1", "contact": "信箱 12"},
        follow=True,
    )
    opinion = Opinion.objects.get()
    assert "编号 1" in answer.content.decode()
    assert (opinion.source, opinion.by, opinion.unit) == ("public", None, None)
    assert "多种些树" not in answer.content.decode()
    assert "信箱 12" not in stranger.get(notice.get_absolute_url()).content.decode()
    assert not Entry.objects.filter(note__contains="信箱").exists()


def test_only_the_office_reads_the_contact(notice, browse, aspect):
    services.receive(notice, text="多种些树。", aspect=aspect, address="a", contact="信箱 12")
    where = Opinion.objects.get().get_absolute_url()
    assert "信箱 12" in browse("planner").get(where).content.decode()
    assert "信箱 12" not in browse("econ-head").get(where).content.decode()


def test_the_contact_is_erased_when_the_opinion_is_settled(notice, people, aspect):
    opinion = services.receive(notice, text="树。", aspect=aspect, address="a", contact="信箱 12")
    services.answer(opinion, by=people.designer, decision="rejected", reason="地下有管线。")
    services.verify(opinion, by=people.planner, passed=True)
    assert (Contact.objects.get().text, bool(Contact.objects.get().erased_on)) == ("", True)


def test_an_hour_takes_so_many_from_one_place(notice, aspect):
    for number in range(VISITS.of_one):
        services.receive(notice, text=f"意见 {number}", aspect=aspect, address="one")
    with pytest.raises(Refused, match="太多"):
        services.receive(notice, text="又一条", aspect=aspect, address="one")
    services.receive(notice, text="别处来的", aspect=aspect, address="two")
    with clock.held_at(clock.now() + timedelta(hours=2)):
        services.receive(notice, text="过后", aspect=aspect, address="one")
    assert all("one" not in visit.key for visit in Visit.objects.all())


def test_where_it_came_from_is_forgotten_after_a_day(notice, aspect):
    services.receive(notice, text="树。", aspect=aspect, address="one")
    with clock.held_at(clock.now() + timedelta(days=2)):
        services.receive(notice, text="树。", aspect=aspect, address="one")
    assert Visit.objects.count() == 1


def test_a_program_that_fills_in_every_field_is_told_apart(notice, browse, aspect):
    fields = {"text": "买药", "aspect": aspect.pk, "website": "x"}
    assert browse().post(notice.get_absolute_url(), fields).status_code == 422
    assert not Opinion.objects.exists()


def test_after_its_days_it_takes_nothing_and_can_still_be_read(notice, browse, aspect):
    with clock.held_at(clock.now() + timedelta(days=20)):
        with pytest.raises(NotFound):
            services.receive(notice, text="晚了", aspect=aspect, address="a")
        page = browse().get(notice.get_absolute_url()).content.decode()
        assert not re.search(r'name="text"', page)


def test_taken_down_it_is_not_found(notice, people, browse):
    services.take_down(notice, by=people.planner, reason="图有误。")
    assert browse().get(notice.get_absolute_url()).status_code == 404
