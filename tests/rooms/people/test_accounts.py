"""Accounts: signing in, being locked out, passwords, and when a session ends."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.utils import translation

from bihuan.audit import queries as audit
from bihuan.base import clock
from bihuan.base.errors import NotAllowed, Refused
from bihuan.people import queries, services
from bihuan.people.models import Account, Role
from bihuan.site import demo

WRONG = "not-the-password"
MINUTE = timedelta(minutes=1)


def account(username: str) -> Account:
    return Account.objects.get(username=username)


def fail(username: str, times: int = 1) -> str:
    for _ in range(times):
        with pytest.raises(Refused) as refusal:
            services.sign_in(username, WRONG)
    return str(refusal.value)


def test_five_failures_lock_for_a_quarter_of_an_hour_even_against_the_right_password(db):
    start = clock.now()
    with clock.held_at(start):
        fail("clerk", 4)
        assert not account("clerk").is_locked()
        fail("clerk")
        assert account("clerk").is_locked()
        with pytest.raises(Refused, match="锁定"):
            services.sign_in("clerk", demo.PASSWORD)
    with clock.held_at(start + 15 * MINUTE - timedelta(seconds=1)), pytest.raises(Refused):
        services.sign_in("clerk", demo.PASSWORD)
    with clock.held_at(start + 15 * MINUTE + timedelta(seconds=1)):
        assert services.sign_in("clerk", demo.PASSWORD).username == "clerk"
    acts = [entry.act for entry in audit.of(account("clerk"))]
    assert acts[-2:] == ["people.account.lock", "people.account.signin"]


def test_trying_while_locked_does_not_lock_for_longer(db):
    start = clock.now()
    with clock.held_at(start):
        fail("clerk", 5)
    with clock.held_at(start + 14 * MINUTE):
        fail("clerk", 5)
    with clock.held_at(start + 16 * MINUTE):
        assert services.sign_in("clerk", demo.PASSWORD)


def test_a_success_begins_the_count_anew(db):
    fail("clerk", 4)
    services.sign_in("clerk", demo.PASSWORD)
    fail("clerk", 4)
    assert services.sign_in("clerk", demo.PASSWORD)


def test_nobody_learns_from_the_answer_which_accounts_exist(db):
    unknown, wrong = fail("nobody-of-that-name"), fail("clerk")
    locked = [fail("clerk", 5), fail("clerk")]
    assert {unknown, wrong, *locked} == {wrong}
    assert "联系管理员" in wrong


def test_nor_from_the_work_it_takes(db, monkeypatch):
    hashed = []
    encode = MD5PasswordHasher.encode

    def counted(self, password, salt):
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    works = []
    fail("clerk", 1)  # the dummy hash, if any, is made once
    for username, times in (("nobody-of-that-name", 1), ("clerk", 4), ("clerk", 1)):
        hashed.clear()
        fail(username, times)
        works.append(len(hashed) / times)
    assert account("clerk").is_locked()
    assert works == [1, 1, 1]


def test_failures_that_come_at_the_same_moment_are_all_counted(writers):
    def attempt(_number):
        return fail("clerk")

    writers(attempt, 4)
    ((four, locked),) = writers(lambda _n: (account("clerk").failures, False), 1)
    assert (four, locked) == (4, False)
    writers(attempt, 1)
    assert writers(lambda _n: account("clerk").is_locked(), 1) == [True]


def test_a_closed_account_and_one_without_a_post_are_told_only_to_who_knows_the_password(post):
    services.close_account(account("viewer"), by=post("admin"), note="调离")
    assert "停用" not in fail("viewer")
    with pytest.raises(Refused, match="停用"):
        services.sign_in("viewer", demo.PASSWORD)
    services.end_post(post("leader"), by=post("admin"), on=clock.today() - timedelta(days=1))
    for held in queries.posts_of(account("leader").person):
        services.end_post(held, by=post("admin"), on=clock.today() - timedelta(days=1))
    with pytest.raises(Refused, match="任职"):
        services.sign_in("leader", demo.PASSWORD)


def test_reopening_lifts_a_lock_at_once(post):
    fail("clerk", 5)
    services.reopen_account(account("clerk"), by=post("admin"))
    assert services.sign_in("clerk", demo.PASSWORD)


@pytest.mark.parametrize(
    ("password", "chinese", "english"),
    [
        ("short1", "太短", "too short"),
        ("93847561029384", "数字", "digits"),
        ("password123", "常见", "common"),
        ("statistician", "账号", "account"),
    ],
)
def test_a_weak_password_is_refused_in_the_readers_language(post, password, chinese, english):
    person = account("statistician")
    for language, word in (("zh-hans", chinese), ("en", english)):
        with translation.override(language), pytest.raises(Refused) as refusal:
            services.change_password(
                person, by=post("statistician"), old=demo.PASSWORD, new=password
            )
        assert word in str(refusal.value)


def test_all_that_is_wrong_with_a_password_is_said_at_once(post):
    with pytest.raises(Refused) as refusal:
        services.reset_password(account("clerk"), by=post("admin"), password="123456")
    assert len(refusal.value.sentences) == 3


def test_a_password_is_changed_by_its_owner_alone_and_only_with_the_old_one(post):
    with pytest.raises(Refused, match="原密码"):
        services.change_password(
            account("clerk"), by=post("clerk"), old=WRONG, new="nine-oak-leaves"
        )
    with pytest.raises(NotAllowed):
        services.change_password(
            account("clerk"), by=post("admin"), old=demo.PASSWORD, new="nine-oak-leaves"
        )
    with pytest.raises(Refused, match="相同"):
        services.change_password(
            account("clerk"), by=post("clerk"), old=demo.PASSWORD, new=demo.PASSWORD
        )


def test_a_one_time_password_works_once_and_must_be_changed(post, browse):
    password = services.give_password(account("clerk"), by=post("admin"))
    with pytest.raises(Refused):
        services.sign_in("clerk", demo.PASSWORD)
    browser = browse()
    browser.post("/people/sign-in/", {"username": "clerk", "password": password})
    for address in ("/", "/people/units/", "/audit/"):
        assert browser.get(address).headers["Location"] == "/people/password/"
    assert browser.get("/people/password/").status_code == 200
    new = {"old": password, "new": "nine-oak-leaves", "again": "nine-oak-leaves"}
    assert browser.post("/people/password/", new).headers["Location"] == "/"
    assert browser.get("/people/units/").status_code == 200
    with pytest.raises(Refused):
        services.sign_in("clerk", password)


def test_a_password_never_gets_into_the_chain_nor_into_the_database_in_clear(post):
    password = services.give_password(account("clerk"), by=post("admin"))
    assert password not in account("clerk").password
    assert not any(password in str(row) for row in audit.rows())


def test_nobody_resets_closes_or_opens_without_the_permission_or_for_themselves(post):
    clerk = account("clerk")
    for attempt in (
        lambda: services.give_password(clerk, by=post("leader")),
        lambda: services.close_account(clerk, by=post("security")),
        lambda: services.reopen_account(clerk, by=post("clerk")),
        lambda: services.give_account(clerk.person, by=post("clerk"), username="second"),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    with pytest.raises(Refused, match="自己"):
        services.close_account(account("admin"), by=post("admin"))
    with pytest.raises(Refused, match="自己"):
        services.give_password(account("admin"), by=post("admin"))


def test_a_local_administrator_does_not_reach_an_account_with_a_post_elsewhere(post, unit):
    """A second post in the own bureau must not open the door to the other post's rights."""
    role = services.add_role(
        by=None, code="local", name="本级", verbs=["people.accounts"], reach="subtree"
    )
    person = services.add_person(by=None, name="本级管理员")
    by = services.appoint(person, by=None, unit=unit("economy"), role=role, title="管理员")
    services.give_password(account("econ-head"), by=by)
    with pytest.raises(NotAllowed):
        services.give_password(account("econ-liaison"), by=by)  # also seconded to supervision


# Sessions ---------------------------------------------------------------------------------------


def alive(browser) -> bool:
    return browser.get("/people/password/").status_code == 200


def test_the_session_key_changes_at_sign_in(browse):
    browser = browse()
    browser.get("/people/sign-in/")
    browser.session["planted"] = "x"
    session = browser.session
    session.save()
    planted = session.session_key
    browser.post("/people/sign-in/", {"username": "clerk", "password": demo.PASSWORD})
    assert browser.session.session_key != planted
    assert alive(browser)


def test_a_session_ends_after_an_hour_without_a_click(browse):
    start = clock.now()
    with clock.held_at(start):
        browser = browse("clerk")
    with clock.held_at(start + 59 * MINUTE):
        assert alive(browser)
    with clock.held_at(start + 118 * MINUTE):
        assert alive(browser)
    with clock.held_at(start + 179 * MINUTE):
        assert not alive(browser)


def test_the_office_decides_how_long_that_is(browse, settings):
    settings.SESSION_IDLE = 5
    start = clock.now()
    with clock.held_at(start):
        first, second = browse("clerk"), browse("leader")
    with clock.held_at(start + 4 * MINUTE):
        assert alive(first)
    with clock.held_at(start + 6 * MINUTE):
        assert not alive(second)
        assert alive(first)


def test_a_session_ends_after_twelve_hours_however_busy(browse):
    start = clock.now()
    with clock.held_at(start):
        browser = browse("clerk")
    for half_hours in range(1, 25):
        with clock.held_at(start + half_hours * 30 * MINUTE):
            assert alive(browser)
    with clock.held_at(start + timedelta(hours=12, seconds=1)):
        assert not alive(browser)


def test_closing_the_account_ends_the_session(browse, post):
    browser = browse("viewer")
    assert alive(browser)
    services.close_account(account("viewer"), by=post("admin"))
    assert not alive(browser)


def test_a_password_changed_elsewhere_ends_the_other_sessions_only(browse):
    here, there = browse("clerk"), browse("clerk")
    new = {"old": demo.PASSWORD, "new": "nine-oak-leaves", "again": "nine-oak-leaves"}
    assert here.post("/people/password/", new).status_code == 302
    assert alive(here)
    assert not alive(there)


def test_a_reset_password_ends_every_session(browse, post):
    browser = browse("clerk")
    services.give_password(account("clerk"), by=post("admin"))
    assert not alive(browser)


def test_the_end_of_the_last_post_ends_the_session_on_the_next_day(browse, post):
    browser = browse("viewer")
    start = clock.now()
    services.end_post(post("viewer"), by=post("admin"), on=clock.today())
    with clock.held_at(start + timedelta(seconds=1)):
        assert alive(browser)
    services.end_post(post("viewer"), by=post("admin"), on=clock.today() - timedelta(days=1))
    assert not alive(browser)


def test_signing_out_ends_the_session_and_only_by_a_button(browse):
    browser = browse("clerk")
    assert browser.get("/people/sign-out/").status_code == 405
    assert alive(browser)
    browser.post("/people/sign-out/")
    assert not alive(browser)


@pytest.mark.parametrize(
    ("address", "goes_to"),
    [
        ("/people/units/?line=admin", "/people/units/?line=admin"),
        ("https://example.com/", "/"),
        ("//example.com/", "/"),
        ("/\\example.com", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_after_signing_in_one_goes_on_within_the_house_only(browse, address, goes_to):
    answer = browse().post(
        "/people/sign-in/",
        {"username": "clerk", "password": demo.PASSWORD},
        query_params={"next": address},
    )
    assert answer.headers["Location"] == goes_to


def test_a_stranger_is_led_back_to_where_they_wanted_to_go(browse):
    answer = browse().get("/people/units/?line=admin")
    assert answer.headers["Location"] == "/people/sign-in/?next=/people/units/%3Fline%3Dadmin"


def test_a_wrong_password_is_said_beside_the_fields_and_the_name_need_not_be_typed_again(browse):
    answer = browse().post("/people/sign-in/", {"username": "clerk", "password": WRONG})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "账号或密码不正确" in text
    assert 'value="clerk"' in text
    assert WRONG not in text


def test_one_person_chooses_in_which_post_to_act(browse):
    browser = browse("econ-liaison")
    held = list(queries.posts_of(account("econ-liaison").person).order_by("pk"))
    seconded = next(p for p in held if p.role == Role.objects.get(code="supervisor"))
    browser.post("/people/act-as/", {"post": seconded.pk})
    assert browser.get("/people/units/").context["request"].post == seconded
    others = queries.posts_of(account("clerk").person).first()
    browser.post("/people/act-as/", {"post": others.pk})  # somebody else's post changes nothing
    assert browser.get("/people/units/").context["request"].post == seconded
