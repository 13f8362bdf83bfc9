"""What the office enters: it wins, it is kept, it is announced, and only some may do it."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from bihuan.audit import services as audit
from bihuan.audit.models import Entry as AuditEntry
from bihuan.base.errors import NotAllowed, NotFound, Refused
from bihuan.days import bridge, limits, queries, rules, services
from bihuan.days.models import DayMark, LegalLimit, Revision
from bihuan.days.paste import Entry

UNPUBLISHED = 2099  # a year of which no notice can have been given
FULL_YEAR = [
    Entry(date(UNPUBLISHED, 1, 1), False, "元旦"),
    Entry(date(UNPUBLISHED, 1, 21), False, "春节"),
    Entry(date(UNPUBLISHED, 1, 22), False, "春节"),
    Entry(date(UNPUBLISHED, 1, 17), True, "春节"),
]

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(monkeypatch):
    """What was announced, in order."""
    changes = []
    monkeypatch.setattr(services, "_told", [])
    services.on_change(changes.append)
    return changes


def test_a_mark_of_the_office_wins_over_the_notice_and_says_its_source(posted):
    services.mark_days(
        2022, [Entry(date(2022, 2, 7), False, "停工")], by=posted["keeper"], source="通知一"
    )
    found = queries.calendar().kind(date(2022, 2, 7))
    assert (found.working, found.why, found.source) == (False, "停工", "通知一")
    assert queries.calendar().add(date(2022, 1, 30), 1) == date(2022, 2, 8)


def test_the_newest_mark_holds_and_the_older_is_kept(posted):
    day = date(2022, 2, 8)
    for working, source in ((False, "通知一"), (True, "通知二")):
        services.mark_days(2022, [Entry(day, working)], by=posted["keeper"], source=source)
    assert queries.calendar().working(day)
    assert [m.working for m in queries.marks(2022)] == [True, False]


def test_a_mark_taken_back_gives_the_notice_its_word_again(posted):
    day = date(2022, 2, 1)
    services.mark_days(2022, [Entry(day, True)], by=posted["keeper"], source="加班")
    assert queries.calendar().working(day)
    services.mark_days(2022, [Entry(day, None)], by=posted["keeper"], source="取消加班")
    assert not queries.calendar().working(day)
    assert queries.calendar().kind(day).why == "春节"


def test_a_year_entered_whole_is_no_longer_provisional(posted):
    assert queries.status(UNPUBLISHED) == "provisional"
    services.enter_year(UNPUBLISHED, FULL_YEAR, by=posted["keeper"], source="通知")
    assert queries.status(UNPUBLISHED) == "entered"
    calendar = queries.calendar()
    assert calendar.working(date(UNPUBLISHED, 1, 17))
    # What the law fixes is not added to what was entered: the office answers for its own year.
    assert calendar.kind(date(UNPUBLISHED, 10, 1)).why == "工作日"
    assert not calendar.explain(date(UNPUBLISHED, 1, 15), 5).provisional


def test_entering_a_year_again_replaces_the_first_entry_whole(posted):
    december = Entry(date(UNPUBLISHED - 1, 12, 29), False, "元旦")
    services.enter_year(UNPUBLISHED, [*FULL_YEAR, december], by=posted["keeper"], source="一")
    assert queries.calendar().kind(december.day).why == "元旦"
    services.enter_year(UNPUBLISHED, FULL_YEAR[:1], by=posted["keeper"], source="二")
    calendar = queries.calendar()
    assert calendar.kind(date(UNPUBLISHED, 1, 21)).why == "工作日"
    assert calendar.kind(december.day).why == "工作日"
    assert DayMark.objects.filter(date=december.day).exists()


def test_the_december_of_the_next_notice_survives_a_new_entry_of_its_own_year(posted):
    december = Entry(date(UNPUBLISHED, 12, 31), False, "元旦")
    services.enter_year(UNPUBLISHED + 1, [december], by=posted["keeper"], source="下一年")
    services.enter_year(UNPUBLISHED, FULL_YEAR, by=posted["keeper"], source="本年")
    assert queries.calendar().kind(december.day).why == "元旦"


def test_what_is_previewed_is_what_holds_after_entering(posted):
    seen = queries.with_entries(UNPUBLISHED, FULL_YEAR, "通知")
    services.enter_year(UNPUBLISHED, FULL_YEAR, by=posted["keeper"], source="通知")
    assert rules.differences(seen, queries.calendar(), [UNPUBLISHED - 1, UNPUBLISHED]) == ()


def test_a_change_is_announced_after_the_commit_with_its_span(
    posted, heard, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        revision = services.mark_days(
            2022,
            [Entry(date(2022, 2, 7), False), Entry(date(2022, 2, 9), False)],
            by=posted["keeper"],
            source="通知",
        )
        assert heard == []
    assert heard == [queries.Change(revision.pk, date(2022, 2, 7), date(2022, 2, 9))]
    assert heard[0].touches(date(2022, 1, 20), date(2022, 2, 7))
    assert not heard[0].touches(date(2022, 1, 20), date(2022, 2, 6))
    assert not heard[0].touches(date(2022, 2, 9), date(2022, 2, 20))


def test_an_entry_that_changes_nothing_is_kept_and_not_announced(
    posted, heard, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        services.mark_days(
            2022, [Entry(date(2022, 2, 7), True)], by=posted["keeper"], source="通知"
        )
    assert heard == []
    assert Revision.objects.count() == 1


def test_one_listener_that_fails_undoes_nothing_and_keeps_none_out(
    posted, heard, django_capture_on_commit_callbacks, caplog
):
    def broken(change):
        raise ZeroDivisionError

    services._told.insert(0, broken)
    with django_capture_on_commit_callbacks(execute=True):
        services.mark_days(
            2022, [Entry(date(2022, 2, 7), False)], by=posted["keeper"], source="通知"
        )
    assert len(heard) == 1
    assert Revision.objects.count() == 1


def test_what_changed_since_is_asked_by_number(posted):
    before = queries.newest()
    assert queries.changed_since(before) is None
    first = services.mark_days(
        2022, [Entry(date(2022, 2, 7), False)], by=posted["keeper"], source="一"
    )
    second = services.mark_days(
        2023, [Entry(date(2023, 2, 7), False)], by=posted["keeper"], source="二"
    )
    assert queries.changed_since(before) == queries.Change(
        second.pk, date(2022, 2, 7), date(2023, 2, 7)
    )
    assert queries.changed_since(first.pk) == queries.Change(
        second.pk, date(2023, 2, 7), date(2023, 2, 7)
    )


def test_a_roll_back_leaves_no_trace_in_the_calendar_kept_in_memory(posted):
    day = date(2022, 2, 7)

    def entered_and_thought_better_of() -> None:
        with transaction.atomic():
            services.mark_days(2022, [Entry(day, False)], by=posted["keeper"], source="一")
            assert not queries.calendar().working(day)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        entered_and_thought_better_of()
    # Another process enters something else before this one asks again; the number comes again.
    revision = Revision.objects.create(source="别处录入")
    DayMark.objects.create(revision=revision, date=date(2022, 2, 8), working=False)
    assert queries.calendar().working(day)
    assert not queries.calendar().working(date(2022, 2, 8))


def test_the_calendar_is_built_once_until_something_is_entered(posted, django_assert_num_queries):
    first = queries.calendar()
    with django_assert_num_queries(1):
        assert queries.calendar() is first
    services.mark_days(2022, [Entry(date(2022, 2, 7), False)], by=posted["keeper"], source="一")
    assert queries.calendar() is not first


def test_what_another_process_entered_is_seen_at_the_next_question(posted):
    day = date(2022, 2, 7)
    assert queries.calendar().working(day)
    # As another process leaves it: rows, and nothing told to this one.
    revision = Revision.objects.create(source="别处录入")
    DayMark.objects.create(revision=revision, date=day, working=False)
    assert not queries.calendar().working(day)


def test_all_faults_of_an_entry_are_told_at_once(posted):
    rows = [
        Entry(date(2098, 5, 1), False),
        Entry(date(UNPUBLISHED, 1, 1), False, "长" * 41),
        Entry(date(UNPUBLISHED, 1, 1), False),
        Entry(date(UNPUBLISHED, 1, 2), True),
        Entry(date(UNPUBLISHED, 1, 5), None),
    ]
    with pytest.raises(Refused) as refusal:
        services.enter_year(UNPUBLISHED, rows, by=posted["keeper"], source=" ")
    assert len(refusal.value.sentences) == 6
    assert Revision.objects.count() == 0


def test_a_pasted_text_with_faults_is_refused_with_each_line_named():
    with pytest.raises(Refused) as refusal:
        services.read_year("2027-02-30，放假\n10月1日（周日），放假", 2027)
    assert len(refusal.value.sentences) == 2
    assert "星期五" in str(refusal.value)


@pytest.mark.parametrize("word", ["reader", "stranger"])
def test_only_those_who_keep_the_calendar_may_enter(posted, word):
    by = posted[word]
    before = (Revision.objects.count(), LegalLimit.objects.count())
    with pytest.raises(NotAllowed):
        services.mark_days(2022, [Entry(date(2022, 2, 7), False)], by=by, source="一")
    with pytest.raises(NotAllowed):
        services.enter_year(UNPUBLISHED, FULL_YEAR, by=by, source="一")
    with pytest.raises(NotAllowed):
        services.set_limit("x", by=by, name="事项", number=1, unit="working", source="一")
    with pytest.raises(NotAllowed):
        services.load_defaults(by)
    assert (Revision.objects.count(), LegalLimit.objects.count()) == before


def test_every_verb_leaves_an_entry_with_what_it_was_and_what_it_is(posted):
    services.mark_days(2022, [Entry(date(2022, 2, 7), False)], by=posted["keeper"], source="一")
    services.enter_year(UNPUBLISHED, FULL_YEAR, by=posted["keeper"], source="二")
    services.set_limit("x", by=posted["keeper"], name="事项", number=1, unit="working", source="三")
    acts = ["days.day.mark", "days.year.enter", "days.limit.set"]
    entries = {e.act: e for e in AuditEntry.objects.filter(act__in=acts)}
    assert set(entries) == set(acts) <= set(audit.acts())
    assert '"2022-02-07":["工作日","放假"]' in entries["days.day.mark"].changes
    assert {e.post_id for e in entries.values()} == {posted["keeper"].pk}


@pytest.mark.parametrize("model", [Revision, DayMark, LegalLimit])
def test_what_was_entered_cannot_be_changed_by_any_program(posted, model):
    services.mark_days(2022, [Entry(date(2022, 2, 7), False)], by=posted["keeper"], source="一")
    services.load_defaults()
    row = model.objects.all()[:1].get()
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(created_at=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
    assert model.objects.filter(pk=row.pk).exists()


# Limits -----------------------------------------------------------------------------------------


def test_the_starting_limits_are_loaded_once(monkeypatch):
    # The sample zone has loaded them already; a limit that a newer version brings is added once.
    assert [row.code for row in queries.limits()] == [row.code for row in limits.DEFAULTS]
    assert services.load_defaults() == 0
    added = limits.Limit("newer", "新事项", "New matter", 3, "working", "某法规")
    monkeypatch.setattr(limits, "DEFAULTS", (*limits.DEFAULTS, added))
    assert services.load_defaults() == 1
    assert services.load_defaults() == 0
    assert queries.limit("newer").number == 3


def test_every_starting_limit_is_typed_and_sourced_and_says_when_to_ask():
    codes = [row.code for row in limits.DEFAULTS]
    assert len(codes) == len(set(codes))
    for row in limits.DEFAULTS:
        assert row.unit in rules.UNITS, row
        assert row.source, row
        assert row.grade in limits.GRADES, row
        assert row.name_en, row
        if row.unit == "natural":
            assert "须询问" in row.note, row


def test_a_licence_is_due_in_twenty_working_days():
    services.load_defaults()
    counted = queries.due(date(2022, 1, 20), "licence")
    assert (counted.number, counted.unit) == (20, "working")
    assert counted.due == queries.calendar().add(date(2022, 1, 20), 20) == date(2022, 2, 22)


def test_a_limit_set_anew_holds_and_the_older_is_kept(posted):
    services.load_defaults()
    old = queries.limit("building_permit")
    services.set_limit(
        "building_permit",
        by=posted["keeper"],
        name=old.name,
        number=7,
        unit="working",
        source="已向主管部门询问",
    )
    assert queries.limit("building_permit").unit == "working"
    assert [row.unit for row in queries.limit_history("building_permit")] == [
        "working",
        "natural",
    ]
    codes = [row.code for row in queries.limits()]
    assert codes == [row.code for row in limits.DEFAULTS]
    assert services.load_defaults() == 0


def test_a_limit_without_source_or_number_is_refused_at_once(posted):
    with pytest.raises(Refused) as refusal:
        services.set_limit(
            "x", by=posted["keeper"], name=" ", number=0, unit="fortnight", source=" "
        )
    assert len(refusal.value.sentences) == 4


def test_a_limit_that_nobody_set_is_not_found():
    with pytest.raises(NotFound):
        queries.limit("nothing")


def test_the_library_covers_the_years_we_rely_on():
    assert set(range(2004, 2027)) <= bridge.published().years
