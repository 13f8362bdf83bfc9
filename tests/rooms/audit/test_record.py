"""Recording: inside the act's transaction, by one writer at a time, and never again changed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from bihuan.audit import queries, rules, services
from bihuan.audit.models import Entry
from bihuan.base import clock
from bihuan.base.models import guards_missing
from bihuan.people.models import Person, Unit


def test_an_entry_says_who_in_which_post_did_what_to_what(post, unit):
    by, economy = post("admin"), unit("economy")
    entry = services.record(by, "people.unit.alias", economy, changes={"alias": (None, "经发")})
    assert (entry.actor_person_id, entry.post_id, entry.actor) == (by.person_id, by.pk, str(by))
    assert (entry.thing_type, entry.thing_id) == ("people.unit", str(economy.pk))
    assert entry.changes == '{"alias":[null,"经发"]}'
    assert entry.at == entry.at.astimezone(entry.at.tzinfo)
    assert list(queries.of(economy))[-1] == entry
    assert rules.check_chain(queries.rows(), expect=queries.head()).whole


def test_values_are_written_so_that_both_databases_give_them_back(unit):
    day = clock.today()
    changes = {"a": (Decimal("1.50"), day), "b": ([1, day], {"k": None}), "c": (True, 0.1)}
    services.record(None, "people.unit.alias", unit("economy"), changes=changes)
    assert rules.check_chain(queries.rows()).whole
    newest = Entry.objects.order_by("-seq").first()
    assert newest.changes == (
        f'{{"a":["1.50","{day}"],"b":[[1,"{day}"],{{"k":null}}],"c":[true,"0.1"]}}'
    )


def test_an_undeclared_act_is_a_mistake_of_the_program(unit):
    with pytest.raises(KeyError, match=r"people\.unit\.dance"):
        services.record(None, "people.unit.dance", unit("economy"))


def test_an_entry_outside_a_transaction_is_a_mistake_of_the_program(writers):
    def alone(_number):
        with pytest.raises(RuntimeError, match="transaction"):
            services.record(None, "people.unit.alias", Unit.objects.get(code="economy"))
        return Entry.objects.count(), queries.head()[0]

    ((count, newest),) = writers(alone, 1)
    assert count == newest


def test_an_act_that_is_rolled_back_leaves_no_entry(unit):
    before = queries.head()

    def act_that_fails():
        with transaction.atomic():
            services.record(None, "people.unit.alias", unit("economy"))
            raise LookupError

    with pytest.raises(LookupError):
        act_that_fails()
    assert queries.head() == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET note = 'x' WHERE seq = 1",
        "UPDATE audit_entry SET seq = 900000 WHERE seq = 1",
        "DELETE FROM audit_entry WHERE seq = 1",
        "DELETE FROM audit_entry",
    ],
)
def test_the_database_itself_refuses_to_change_or_delete_an_entry(db, statement):
    assert Entry.objects.filter(seq=1).exists()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)


def test_writing_over_an_entry_is_refused_too(db):
    names = ", ".join(field.column for field in Entry._meta.concrete_fields)
    if connection.vendor == "sqlite":
        over = f"INSERT OR REPLACE INTO audit_entry ({names}) SELECT {names} FROM audit_entry"
    else:
        over = (
            f"INSERT INTO audit_entry ({names}) SELECT {names} FROM audit_entry "
            "ON CONFLICT (seq) DO UPDATE SET note = 'x'"
        )
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(over)


def test_emptying_the_table_is_refused(db):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute("TRUNCATE audit_entry CASCADE")


def test_a_missing_guard_is_told(db):
    assert "audit_entry" not in guards_missing(connection)
    on = " ON audit_entry" if connection.vendor == "postgresql" else ""
    connection.cursor().execute(f"DROP TRIGGER audit_entry_no_delete{on}")
    assert "audit_entry" in guards_missing(connection)


def test_many_writers_at_once_make_one_unbroken_chain(writers):
    def act(number):
        with transaction.atomic():
            person = Person.objects.create(name=f"并发 {number}")
            services.record(None, "people.person.add", person)
        return queries.head()

    def look(_number):
        return rules.check_chain(queries.rows()), Entry.objects.filter(thing__startswith="并发")

    ((before, _none),) = writers(look, 1)
    writers(act, 24)

    def after(_number):
        check, mine = look(0)
        return check, sorted(entry.thing for entry in mine)

    ((check, things),) = writers(after, 1)
    assert check.whole
    assert check.count == before.count + 24
    assert things == sorted(f"并发 {n}" for n in range(24))


def test_several_things_cost_one_question(post, unit, django_assert_num_queries):
    things = [unit("economy"), unit("office"), post("clerk")]
    with django_assert_num_queries(1):
        entries = list(queries.of(*things))
    assert [e.seq for e in entries] == sorted(e.seq for e in entries)
    assert {e.thing_type for e in entries} == {"people.unit", "people.post"}


def test_a_search_by_day_counts_both_days_whole(unit):
    moment = clock.now() + timedelta(days=40)
    with clock.held_at(moment):
        entry = services.record(None, "people.unit.alias", unit("economy"))
        day = clock.today()
    one = timedelta(days=1)
    assert list(queries.search(since=day, until=day)) == [entry]
    assert not queries.search(since=day + one).exists()
    assert entry not in queries.search(until=day - one)
