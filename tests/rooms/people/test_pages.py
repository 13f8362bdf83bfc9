"""The pages of the register: what is shown, what can be done, and to whom there is no such page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.audit import queries as audit
from bihuan.base import clock
from bihuan.people import pages, queries, services
from bihuan.people.models import Account, Person, Post, Role, Unit

DAY = timedelta(days=1)


def person(username: str) -> Person:
    return Person.objects.get(account__username=username)


def table(answer):
    return answer.context["page"].table


def first_column(answer) -> list[str]:
    return [row.cells[0].lead + str(row.cells[0].value) for row in table(answer).rows]


def test_the_register_is_an_indented_tree_on_the_chosen_line(browse):
    browser = browse("clerk")
    party = first_column(browser.get("/people/units/"))
    admin = first_column(browser.get("/people/units/", {"line": "admin"}))
    assert "　　└ 经济发展局" in party
    assert "　└ 经济发展局" in admin
    assert party.index("　└ 机关党委") < party.index("　　└ 经济发展局")


def test_on_another_day_the_tree_is_another_one(browse, unit):
    day = clock.today()
    services.tie_unit(unit("economy"), unit("party"), by=None, line="party", since=day)
    browser = browse("clerk")
    yesterday = browser.get("/people/units/", {"day": f"{day - DAY:%Y-%m-%d}"})
    assert "　　└ 经济发展局" in first_column(yesterday)
    assert "　└ 经济发展局" in first_column(browser.get("/people/units/"))


@pytest.mark.parametrize("text", ["统计局", "经发局", "economic dev", "经济发展"])
def test_a_unit_is_found_by_any_of_its_names(browse, text):
    answer = browse("clerk").get("/people/units/", {"text": text})
    assert first_column(answer) == ["经济发展局"]


def test_a_senseless_question_is_answered_as_if_not_asked(browse):
    answer = browse("clerk").get("/people/units/", {"line": "x", "day": "never", "page": "²"})
    assert answer.status_code == 200
    assert len(first_column(answer)) == queries.units().count()


def test_the_page_of_a_unit_shows_relations_names_and_posts(browse, unit):
    text = browse("clerk").get(unit("enforcement").get_absolute_url()).content.decode()
    for word in ("机关党委", "经开区管委会", "环卫市场化营运公司", "合同关系", "执法局", "局长"):
        assert word in text


def test_a_clerk_sees_no_buttons_and_an_administrator_does(browse, unit):
    address = unit("economy").get_absolute_url()
    clerk, admin = (browse(name).get(address).context["page"] for name in ("clerk", "admin"))
    assert clerk.acts == []
    assert {act.title for act in admin.acts} >= {"更名", "撤并", "撤销", "任命", "设定上级"}


@pytest.mark.parametrize("username", ["clerk", "econ-head", "security", "auditor"])
def test_without_the_permission_the_management_pages_are_not_there(browse, unit, username):
    browser = browse(username)
    economy, someone = unit("economy").pk, person("clerk").pk
    for address in ("units/add/", "persons/add/", "accounts/"):
        assert browser.get(f"/people/{address}").status_code == 404
    for name in pages.UNIT_ACTS:
        assert browser.post(f"/people/units/{economy}/{name}/").status_code == 404
    for name in pages.PERSON_ACTS:
        assert browser.post(f"/people/persons/{someone}/{name}/").status_code == 404


def test_roles_are_set_by_the_security_administrator_only(browse):
    role = Role.objects.get(code="viewer")
    address = role.get_absolute_url()
    for username, status in (("admin", 404), ("clerk", 404), ("security", 302)):
        answer = browse(username).post(address, {"reach": "unit", "verbs": ["people.view"]})
        assert answer.status_code == status
    assert Role.objects.get(code="viewer").reach == "unit"
    assert browse("admin").get("/people/roles/add/").status_code == 404


def test_a_reader_without_the_directory_finds_none_of_it(browse, unit):
    browser = browse("viewer")
    for address in ("units/", "persons/", "roles/", "accounts/", f"units/{unit('zone').pk}/"):
        assert browser.get(f"/people/{address}").status_code == 404


def test_verbs_are_check_boxes_under_the_name_of_their_room(browse):
    role = Role.objects.get(code="clerk")
    text = browse("security").get(role.get_absolute_url()).content.decode()
    for word in ("机构与人员", "整改台账", "维护机构、人员与任职"):
        assert word in text
    assert text.count('name="verbs"') == len(services.verbs())
    assert text.count(" checked") == len(role.verbs)


def test_an_administrator_registers_a_unit_below_another(browse, unit):
    given = {
        "name": "应急管理局",
        "code": "emergency",
        "kind": "bureau",
        "parent": unit("admin").pk,
        "line": "admin",
    }
    browser = browse("admin")
    assert browser.get("/people/units/add/").status_code == 200
    answer = browser.post("/people/units/add/", given)
    added = Unit.objects.get(code="emergency")
    assert answer.headers["Location"] == added.get_absolute_url()
    assert queries.superior(added, "admin") == unit("admin")
    assert browser.post("/people/units/add/", given).status_code == 409


def test_a_form_with_faults_comes_back_open_with_what_was_typed(browse, unit):
    address = f"/people/units/{unit('economy').pk}/rename/"
    answer = browse("admin").post(address, {"name": "新名称", "on": "某日"})
    assert answer.status_code == 422
    (act,) = (a for a in answer.context["page"].acts if a.open)
    assert act.form["name"].value() == "新名称"
    assert act.form.errors["on"]


def day(offset: int = 0) -> str:
    return f"{clock.today() + offset * DAY:%Y-%m-%d}"


def test_every_act_on_a_unit_can_be_done_from_its_page(browse, unit):
    browser, economy = browse("admin"), unit("economy")
    team = services.add_unit(by=None, code="team", name="专班", kind="team")
    tie = services.tie_unit(team, unit("office"), by=None, line="guidance")
    newcomer = services.add_person(by=None, name="新来的人")

    def do(thing, act, /, **given):
        answer = browser.post(f"/people/units/{thing.pk}/{act}/", given)
        assert answer.status_code == 302, answer.content.decode()
        return [entry.act for entry in audit.of(thing)][-1]

    assert do(economy, "rename", name="发展局", on=day()) == "people.unit.rename"
    assert do(economy, "alias", name="发改", kind="short") == "people.unit.alias"
    assert do(economy, "amend", kind="bureau", note="依三定") == "people.unit.amend"
    parent = unit("admin").pk
    assert do(team, "tie", line="admin", parent=parent, since=day()) == "people.unit.tie"
    assert do(team, "end-tie", tie=tie.pk, on=day()) == "people.unit.untie"
    role = Role.objects.get(code="clerk").pk
    do(team, "appoint", person=newcomer.pk, role=role, title="组员", valid_from=day(-1))
    held = newcomer.posts.get()
    do(team, "end-post", post=held.pk, on=day())
    assert Post.objects.get(pk=held.pk).valid_to == clock.today()
    assert do(team, "end", on=day(1), note="结束") == "people.unit.end"
    school = unit("education")
    assert do(school, "merge", into=economy.pk, on=day(), posts="move") == "people.unit.merge"
    assert queries.holds(Unit.objects.get(pk=school.pk))


def test_every_act_on_a_person_can_be_done_from_their_page(browse, unit):
    browser = browse("admin")
    newcomer = services.add_person(by=None, name="新来的人")

    def do(act, status=302, /, **given):
        answer = browser.post(f"/people/persons/{newcomer.pk}/{act}/", given)
        assert answer.status_code == status, answer.content.decode()
        return answer

    role = Role.objects.get(code="clerk").pk
    office = unit("office").pk
    do("appoint", unit=office, role=role, title="经办人", valid_from=day(-1))
    do("amend", name="改名的人", phone="13800001234")
    told = do("open-account", 200, username="newcomer")
    first = told.context["page"].panels[0].items[1][1].value
    assert services.sign_in("newcomer", first)
    told = do("reset-password", 200)
    second = told.context["page"].panels[0].items[1][1].value
    assert second != first
    assert services.sign_in("newcomer", second)
    do("close-account", note="离职")
    do("reopen-account", note="返聘")
    do("end-post", post=newcomer.posts.get().pk, on=day())
    acts = {entry.act for entry in audit.of(newcomer, *newcomer.posts.all(), newcomer.account)}
    assert acts >= {"people.person.amend", "people.account.reset", "people.post.end"}


def test_a_one_time_password_is_shown_once_and_kept_nowhere(browse):
    browser = browse("admin")
    someone = person("clerk")
    told = browser.post(f"/people/persons/{someone.pk}/reset-password/")
    password = told.context["page"].panels[0].items[1][1].value
    assert password in told.content.decode()
    assert "no-store" in told.headers["Cache-Control"]
    for address in (someone.get_absolute_url(), "/people/accounts/", "/"):
        assert password not in browser.get(address).content.decode()
    assert password not in str(dict(browser.session))


def test_a_telephone_number_is_masked_in_lists_and_for_those_who_do_not_manage(browse):
    someone = services.add_person(by=None, name="有电话的人", phone="13800001234")
    for username, address, shown in (
        ("admin", "/people/persons/", False),
        ("clerk", someone.get_absolute_url(), False),
        ("admin", someone.get_absolute_url(), True),
    ):
        text = browse(username).get(address).content.decode()
        assert "138****1234" in text or shown
        # The form that corrects a person holds the number for those who may correct it.
        assert ("13800001234" in text) == shown


def test_when_somebody_signed_in_is_shown_to_those_who_keep_accounts_only(browse):
    browse("econ-head")
    address = person("econ-head").get_absolute_url()
    assert "最近登录" in browse("admin").get(address).content.decode()
    text = browse("clerk").get(address).content.decode()
    assert "最近登录" not in text
    assert "登录</b>" not in text


def test_the_accounts_page_tells_state_lock_and_last_sign_in(browse, post):
    Account.objects.filter(username="viewer").update(locked_until=clock.now() + DAY)
    services.close_account(Account.objects.get(username="leader"), by=post("admin"))
    answer = browse("admin").get("/people/accounts/")
    state = {row.cells[0].value: row.cells[2].value.label for row in table(answer).rows}
    assert (state["viewer"], state["leader"], state["clerk"]) == ("锁定", "停用", "启用")
    last = {row.cells[0].value: row.cells[4].value for row in table(answer).rows}
    assert last["admin"] is not None
    assert last["viewer"] is None
    found = browse("admin").get("/people/accounts/", {"text": "view"})
    assert first_column(found) == ["viewer"]


def test_a_person_in_two_organisations_has_both_on_their_page(browse):
    text = browse("clerk").get(person("leader").get_absolute_url()).content.decode()
    assert "经开区党工委" in text
    assert "航空港实验区管委会" in text


def test_long_lists_have_pages_that_keep_the_question(browse):
    for i in range(pages.PAGE + 5):
        services.add_person(by=None, name=f"临时 {i:03}")
    browser = browse("clerk")
    answer = browser.get("/people/persons/", {"text": "临时"})
    assert (table(answer).pager.count, table(answer).pager.total) == (2, pages.PAGE + 5)
    following = browser.get(table(answer).pager.after)
    assert len(first_column(following)) == 5
    assert "上一页" in following.content.decode()


def test_a_list_costs_no_more_for_more_people(browse, unit):
    browser = browse("clerk")

    def cost():
        with CaptureQueriesContext(connection) as asked:
            assert browser.get("/people/persons/").status_code == 200
        return len(asked)

    before = cost()
    role = Role.objects.get(code="clerk")
    for i in range(6):
        someone = services.add_person(by=None, name=f"多 {i}")
        services.appoint(someone, by=None, unit=unit("office"), role=role, title="员")
    assert cost() == before


def test_a_page_asks_about_the_tree_once(browse):
    """The overview asks many times what a unit head may do where."""
    browser = browse("econ-head")
    with CaptureQueriesContext(connection) as asked:
        assert browser.get("/").status_code == 200
    ties = [query for query in asked.captured_queries if '"people_tie"' in query["sql"]]
    assert len(ties) <= 1


def test_an_unknown_act_or_thing_is_not_found(browse, unit):
    browser = browse("admin")
    for address in (
        f"/people/units/{unit('economy').pk}/dance/",
        "/people/units/999999/",
        "/people/persons/999999/",
        "/people/roles/999999/",
    ):
        assert browser.post(address).status_code in (404, 405)
        assert browser.get(address).status_code == 404


def test_a_get_on_an_act_leads_back_to_the_thing(browse, unit):
    economy = unit("economy")
    answer = browse("admin").get(f"/people/units/{economy.pk}/rename/")
    assert answer.headers["Location"] == economy.get_absolute_url()


def test_a_merged_unit_says_where_it_went_and_can_hardly_be_changed(browse, unit):
    services.merge_unit(unit("education"), by=None, into=unit("economy"), on=clock.today() - DAY)
    page = browse("admin").get(unit("education").get_absolute_url()).context["page"]
    assert page.tags[0].label == "已并入"
    assert [act.title for act in page.acts] == ["更正登记"]
    facts = dict(page.panels[0].items)
    assert facts["并入单位"].value == "经济发展局"
