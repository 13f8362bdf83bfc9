"""Two signers: without the scrutineer's own laptop no token is good, and it signs each once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from bihuan.ballots import bridge, hall, services
from bihuan.ballots.models import Poll
from bihuan.base.errors import Refused
from bihuan.cli.offline import station as stations
from bihuan.cli.offline.tally import tally
from bihuan.jobs.rules import canonical
from bihuan.people.models import Post
from tests.rooms.ballots import world

Of = Callable[[str], Post]


def _ask(poll: Poll) -> stations.Ask:
    """The station's own way of asking, without a network between."""
    door = hall.door(poll.slug)

    def ask(name: str, said: dict[str, object]) -> dict[str, object]:
        status, answer = door(name.strip("/"), said)
        if status >= 400:
            raise Refused.all(answer["sentences"])
        return answer

    return ask


def _drawn(clerk: Post) -> tuple[Poll, str]:
    poll = world.drawn(clerk, signers=2)
    services.freeze(poll, by=clerk)
    return poll, services.admit_station(poll, by=clerk)


def _joined(poll: Poll, word: str, folder: Path) -> stations.Station:
    ask, station = _ask(poll), stations.Station.at(folder / "station.json")
    hello = ask("station/hello/", {"word": word})
    station.ready(hello["box"], sorted(hello["due"]))
    ask("station/keys/", {"word": word, **station.public()})
    return station


def test_no_station_no_issuing(post: Of, tmp_path: Path) -> None:
    """The plan wants two signers: without the second there is no door."""
    poll, word = _drawn(post("clerk"))
    with pytest.raises(Refused, match="监票签名站"):
        services.start_issuing(poll, by=post("clerk"))
    with pytest.raises(Refused, match="接入码不对"):
        _joined(poll, "0000-0000-0000", tmp_path)
    _joined(poll, word, tmp_path)
    assert services.start_issuing(poll, by=post("clerk")).phase == "issuing"


def test_tokens_need_both_and_the_station_signs_once(post: Of, tmp_path: Path) -> None:
    """One signature is not enough; the station answers a lost answer, not a second wish."""
    clerk, chair = post("clerk"), post("leader")
    poll, word = _drawn(clerk)
    station = _joined(poll, word, tmp_path)
    poll, ask, door = services.start_issuing(poll, by=clerk), _ask(poll), hall.door(poll.slug)
    code = services.check_in(poll, by=clerk, voter=poll.voters.get(number=1), given="token")
    (right,) = [hall.Right(1, "body", code, "token")]
    report = hall.Report()
    phones = hall.activate(poll, [right], door, report)  # the station has not answered yet
    assert report.wrong
    phone = phones[1]
    assert door("issue", phone.ask())[0] == 202
    state = ask("station/waiting/", {"word": word})
    signed = station.sign(state["waiting"], state["due"])
    assert station.sign(state["waiting"], state["due"]) == signed
    one = state["waiting"][0]
    other = [{**one, "z": f"{int(one['z'], 16) ^ 1:0512x}"}]
    assert station.sign(other, state["due"]) == {}
    ask("station/signed/", {"word": word, "signed": signed})
    status, answer = door("issue", phone.ask())
    assert status == 200
    phone.take(answer["signatures"])
    poll = services.start_casting(services.close_issuing(poll, by=clerk), by=chair)
    marks = {s: {"party": "fair", "clean": "fair"} for s in world.UNITS}
    sent = phone.cast(phone.seal(marks))
    assert door("cast", {**sent, "signatures": sent["signatures"][:1]})[0] == 409
    assert door("cast", {**sent, "signatures": [sent["signatures"][0]] * 2})[0] == 409
    assert door("cast", sent)[0] == 200


def test_the_station_signs_no_more_than_are_due(tmp_path: Path) -> None:
    """A platform that wants more tokens than there are people is told to its face."""
    station = stations.Station.at(tmp_path / "station.json")
    station.ready("00" * 16, ["body"])
    n = station.keys["body"].public.n
    waiting = [
        {"name": str(number), "category": "body", "z": f"{n // (number + 2):0512x}"}
        for number in range(3)
    ]
    with pytest.raises(Refused, match="比名单上的人还多"):
        station.sign(waiting, {"body": 2})
    again = stations.Station.at(tmp_path / "station.json")
    assert again.keys["body"].public == station.keys["body"].public


def test_the_count_is_countersigned_and_recounted(post: Of, tmp_path: Path) -> None:
    """The station checks what was published before it signs; a copy of the box recounts alike."""
    clerk, chair = post("clerk"), post("leader")
    poll, word = _drawn(clerk)
    station = _joined(poll, word, tmp_path)
    poll = services.start_issuing(poll, by=clerk)
    codes = services.print_slips(poll, by=clerk, category="heads", count=8)
    for voter in list(poll.voters.filter(category="heads"))[:8]:
        services.check_in(poll, by=clerk, voter=voter, given="slip")
    poll = services.start_casting(services.close_issuing(poll, by=clerk), by=chair)
    for number, code in enumerate(codes):
        grade = ("good", "fair", "average", "poor")[number % 4]
        marks = {s: {"party": grade, "clean": "fair"} for s in world.UNITS}
        if number % 4 == 0:
            marks[world.UNITS[0]]["party"] = "fair"
        services.cast_open(poll.slug, slip=code, marks=marks, remarks={})
    poll = services.count(services.close(poll, by=chair), by=chair)
    stations.run(_ask(poll), word, station, pause_s=0)
    poll.refresh_from_db()
    assert len(poll.open["stations"]) == 1

    (tmp_path / "bundle.json").write_text(canonical(poll.open))
    (tmp_path / "box.sqlite3").write_bytes(services.hand_out_copy(poll, by=chair))
    key = bridge.folder(poll.box_id) / bridge.SEAL
    runner = CliRunner()
    given = [str(tmp_path / "box.sqlite3"), "--bundle", str(tmp_path / "bundle.json")]
    done = runner.invoke(tally, ["recount", *given, "--key", str(key)], standalone_mode=False)
    assert done.return_value == 0, (done.output, done.exception)
    assert "复票一致" in done.output
