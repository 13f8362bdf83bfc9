"""What pages and doors tell, of whatever role: nothing of the marks before the count, and of few
people's marks nothing after it.

Two halls that differ only in what must not be told are held side by side; what is shown of them
must be the same, letter for letter, but for what is random in both.
"""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from bihuan.ballots import bridge, hall, services
from bihuan.ballots.models import Poll
from bihuan.ballots.views import doors
from bihuan.base.errors import Refused
from bihuan.engines.tally.disclosure import derivable
from bihuan.engines.tally.plan import Plan
from bihuan.people import queries as people
from bihuan.people.models import Account, Post
from tests.rooms.ballots import served, world

CAST = ("good", "poor")
_RANDOM = (
    (r"[0-9a-f]{32,}", "HEX"),
    (r"(?:[0-9a-f]{4} ){7}[0-9a-f]{4}", "HEX"),
    (r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}", "CODE"),
    (r"data:image[^\"]+", "QR"),
    (r'name="csrfmiddlewaretoken" value="[^"]+"', "CSRF"),
    (r"\bf[0-9a-f]{8}_", "FIELD_"),
    (r"/audit/[^\"]*", "ENTRY"),
)


def uniform(mark: str) -> dict[str, dict[str, str]]:
    return {unit: {"party": mark, "clean": mark} for unit in world.UNITS}


def seen(browsers: dict[str, Client], poll: Poll) -> Iterator[tuple[str, int, str]]:
    """Everything that is shown of a poll to each of these people; what is random is masked."""
    base = f"/b/{poll.slug}/"
    public = ("", "state/", "check/", "bundle.json", f"screen/{poll.screen_key}/")
    desk = ("", "roll/", "roll/1/", "full.json", "box.sqlite3", "act/count/")
    for name, browser in browsers.items():
        paths = [*public, *(f"desk/{path}" for path in desk), "../desk/"]
        for path in paths if name else public:
            answer = browser.get(base + path)
            text = answer.content.decode()
            for pattern, mask in ((poll.slug, "SLUG"), (poll.screen_key, "KEY"), *_RANDOM):
                text = re.sub(pattern, mask, text)
            yield f"{name} {path}", answer.status_code, text


@pytest.fixture
def everybody(browse: Callable[..., Client], post: Callable[[str], Post]) -> dict[str, Client]:
    """A stranger and every account of the sample zone; one of them may do everything here."""
    names = list(Account.objects.filter(is_active=True).values_list("username", flat=True))
    role = post("checker").role
    role.verbs = [*role.verbs, "ballots.run", "ballots.chair", "audit.view"]
    role.save()
    return {name: browse(name) for name in ("", *sorted(names))}


def test_nobody_sees_an_interim_result_or_who_of_which_category_cast(
    everybody: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six heads who say 好, against six of the body who say 差: the same to everybody until the
    close, and until the count but for what the log itself says."""
    monkeypatch.setattr(doors, "pause", lambda _seconds: None)
    shown: dict[str, list[list[tuple[str, int, str]]]] = {}
    for mark, numbers in (("good", range(10, 16)), ("poor", range(1, 7))):
        poll = world.issuing(by=None, own_subject="allowed", cap=None)
        voting = served.opened(poll, uniform(mark))
        for number in numbers:
            assert hall.door(poll.slug)("cast", voting.ballot(number))[0] == 200
        shown.setdefault("casting", []).append(list(seen(everybody, voting.poll)))
        poll = services.close(voting.poll, by=None)
        shown.setdefault("closed", []).append(list(seen(everybody, poll)))
        # The index of all polls has one row more the second time: the first one is done with.
        Poll.objects.filter(pk=poll.pk).update(title="已看过", title_en="")
        poll.delete = None  # type: ignore[assignment,method-assign]  # nothing is ever deleted
    for phase, (one, other) in shown.items():
        for (where, status, text), (_where, status_too, text_too) in zip(one, other, strict=True):
            if "../desk/" in where:  # a list of polls: nothing but titles, phases, people due
                assert not {"已投", "好", "差"} & set(re.findall(r">([^<>]+)<", text_too))
                continue
            assert (status, text) == (status_too, text_too), (phase, where)


def test_turnout_is_told_in_steps_of_at_least_five(everybody: dict[str, Client]) -> None:
    """Four ballots are none, five are five: on the screen, at the desk, to the phones."""
    poll = world.issuing(by=None, own_subject="allowed", cap=None)
    voting = served.opened(poll, uniform("fair"))
    told = []
    for number in range(1, 8):
        assert hall.door(poll.slug)("cast", voting.ballot(number))[0] == 200
        told.append(everybody[""].get(f"/b/{poll.slug}/state/").json()["cast"])
        desk = everybody["leader"].get(f"/b/{poll.slug}/desk/").content.decode()
        print(re.findall("已投.{300}", desk))
        assert f"{told[-1]} / 25" in desk
    assert told == [0, 0, 0, 0, 5, 5, 5]


def test_before_the_close_not_even_the_house_is_told(db: None) -> None:
    """Counts, rights, ballots: the box itself refuses whoever asks."""
    voting = served.opened(world.issuing(by=None, own_subject="allowed"), uniform("fair"))
    box = bridge.box(voting.poll.box_id)
    private = bridge.keys(voting.poll.box_id).seal
    for ask in (box.counts, box.rights, box.slip_counts, lambda: box.open(private)):
        with pytest.raises(Exception, match="box_not_yet"):
            ask()
    with pytest.raises(Refused):
        services.count(voting.poll, by=None)


def _small(marks: Callable[[int], str]) -> Poll:
    """Three of the body, who agree, and sixteen heads; counted."""
    poll = services.draw_up(
        by=None, plan=world.plan(own_subject="allowed", cap=None, remarks=False), title="述职测评"
    )
    lines = [services.Line(f"班子成员{n}", "body") for n in range(1, 4)]
    lines += [services.Line(f"单位负责人{n}", "heads") for n in range(1, 17)]
    services.enrol(poll, by=None, lines=lines)
    services.freeze(poll, by=None)
    voting = served.opened(services.start_issuing(poll, by=None), {})
    for number, phone in voting.phones.items():
        blob = phone.seal(uniform(marks(number)))
        assert hall.door(poll.slug)("cast", phone.cast(blob))[0] == 200
    return services.count(services.close(voting.poll, by=None), by=None)


def test_small_and_unanimous_cells_stand_nowhere_and_follow_from_nothing(
    everybody: dict[str, Client],
) -> None:
    """Three of the body all say 差: not in the published file, not as total less the others, not
    by any arithmetic over all that is told; and no page has more than the file."""
    poll = _small(lambda number: "poor" if number <= 3 else ("good", "fair")[number % 2])
    published = everybody[""].get(f"/b/{poll.slug}/bundle.json").json()
    assert not any("counts" in column for column in published["columns"])
    rows = [row for row in published["told"] if row["item"]]
    assert rows
    assert not any(row["cells"] or row["counts"] for row in rows)
    assert not any(row["low"] is not None and row["low"] == row["high"] for row in rows)
    plan = Plan.read(published["plan"])
    flows = published["reconciliation"]["flows"]
    accepted = {code: flow["cast"] - flow["void"] for code, flow in flows.items()}
    merged = plan.merged({c: f["tokens"] + f["slips"] for c, f in flows.items()})
    assert derivable(merged, accepted, published["told"]) == []
    chairs = {
        account.username
        for account in Account.objects.filter(is_active=True)
        for post in people.posts_of(account.person)
        if people.may(post, "ballots.chair")
    }
    secrets = {"full_columns", "secret", "salt", "outcome"}
    for name, browser in everybody.items():
        answer = browser.get(f"/b/{poll.slug}/desk/full.json")
        if answer.status_code == 200:  # the chair and the scrutineers, who must recount
            assert name in chairs
            continue
        for path in ("check/", "bundle.json", "state/", f"screen/{poll.screen_key}/", "desk/"):
            text = browser.get(f"/b/{poll.slug}/{path}").content.decode()
            assert not {word for word in secrets if f'"{word}"' in text}, (name, path)


def test_unanimity_of_everybody_is_not_told_either(everybody: dict[str, Client]) -> None:
    """Then each one's mark would be known: no counts, no exact score."""
    poll = _small(lambda _number: "good")
    published = everybody[""].get(f"/b/{poll.slug}/bundle.json").json()
    assert not any("counts" in column for column in published["columns"])
    for row in published["told"]:
        assert row["low"] is None or row["low"] != row["high"]
    assert "HEX" in re.sub(*_RANDOM[0], json.dumps(published))
