"""`bihuan tally …`: a bundle and a box file on disk, a sentence for every fault, a status."""

import json
import subprocess
import sys

import pytest

from bihuan.base import tally_words
from bihuan.cli.main import _command
from bihuan.cli.offline import run
from bihuan.engines.tally import codes, seal, signing
from bihuan.engines.tally.box import BallotBox
from bihuan.engines.tally.bundle import bundle, counted
from bihuan.engines.tally.columns import gather
from bihuan.engines.tally.plan import Plan
from bihuan.engines.tally.verify import verify

from .rated import cast, columns, flows, meeting, plan, table

CELLS = {
    "lead": (6, 2, 1), "heads": (20, 8, 1, 1), "members": (30, 8, 1, 1),
    ("lead", "u2", "party"): (9,),
}  # fmt: skip
NAMED = [
    {"code": "u1", "name": "示例办事处甲", "name_en": "Sample office A"},
    {"code": "u2", "name": "<b>示例</b>办事处乙"},
    {"code": "u3", "name": "名" * 200},
]


@pytest.fixture(autouse=True)
def _in_chinese(monkeypatch):
    monkeypatch.setenv("BIHUAN_LANG", "zh")


@pytest.fixture
def file(tmp_path):
    one = plan(subjects=NAMED, combine=True)
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(meeting(one, columns(one, CELLS)).bundle()), encoding="utf-8")
    return path


def told(capsys, *words, status=0):
    assert run(list(map(str, words)), "tally") == status
    out = capsys.readouterr()
    return (out.out if status == 0 else out.out + out.err).splitlines()


def test_an_untouched_bundle_passes_and_names_the_key_to_compare(capsys, file):
    lines = told(capsys, "verify", file)
    assert all(line.startswith("通过") for line in lines[:-2])
    assert lines[-1].endswith(json.loads(file.read_text())["log"]["public"])
    key = json.loads(file.read_text())["log"]["public"]
    assert "日志公钥就是所给的那一把" in told(capsys, "verify", file, "--key", key)[2]


def test_a_changed_bundle_fails_with_names_in_place_of_codes(capsys, file):
    made = json.loads(file.read_text(encoding="utf-8"))
    next(row for row in made["columns"] if "counts" in row)["counts"]["good"] += 1
    file.write_text(json.dumps(made), encoding="utf-8")
    lines = told(capsys, "verify", file, status=1)
    text = "\n".join(lines)
    assert "“单位负责人”对“示例办事处甲”“党风廉政建设责任制”的票列被改过。" in text
    assert "heads" not in text
    assert lines[-1] == "核验不通过：这份结果不能采信。"
    assert "改过" in "\n".join(told(capsys, "show", file, status=1))


def test_machines_read_the_same_as_json(capsys, file):
    assert run(["verify", str(file), "--json", "--head", "1:0123456789abcdef"], "tally") == 1
    answer = json.loads(capsys.readouterr().out)
    assert not answer["holds"]
    (failed,) = [check for check in answer["checks"] if not check["passed"]]
    assert failed["name"] == "seen"
    assert failed["faults"][0]["code"] == "seen_forked"


def test_bad_input_is_told_all_at_once(capsys, file, tmp_path):
    other = tmp_path / "other.json"
    other.write_text("{", encoding="utf-8")
    words = ["verify", file, "--with", other, "--head", "x", "--head", "y", "--key", "z"]
    lines = told(capsys, *words, status=1)
    assert len(lines) == 4
    assert lines[0].startswith("other.json：不是 JSON 文件")
    assert all(line.endswith("。") for line in lines)


def test_results_are_shown_as_a_table_and_no_more_than_is_told(capsys, file):
    lines = told(capsys, "show", file)
    row = next(line for line in lines if line.startswith("<b>示例</b>办事处乙"))
    assert "≈" in row
    assert row.count("—") >= 8
    assert "只公布约数" in row
    assert "各项合并" in lines


def test_the_other_language_is_there(capsys, file, monkeypatch):
    monkeypatch.setenv("BIHUAN_LANG", "en")
    assert any(line.startswith("Sample office A") for line in told(capsys, "show", file))


def test_the_command_is_reached_without_django_and_without_the_index(file):
    script = (
        "import sys\nfrom bihuan.cli.main import _run\n"
        f"status = _run(['tally', 'verify', {str(file)!r}])\n"
        "sys.exit(status or 'django' in sys.modules or 'numpy' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    assert _command(["--lang", "en", "tally", "verify"]) == "tally"


# A recount ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def voted(tmp_path_factory):
    """A closed box of 40 ballots, its bundle, its key and shares of it."""
    folder = tmp_path_factory.mktemp("voted")
    one = Plan.read(table(seal="shares"))
    private, public = seal.new_pair()
    log_private, log_public = signing.new_signer()
    box = bytes.fromhex(one.box)
    path = folder / "box.sqlite3"
    voters = [("lead", 8), ("heads", 12), ("members", 20)]
    marks = ["good", "good", "fair", "average", "poor", "abstain"]
    with BallotBox.new(
        path, box=box, plan=one.canonical(), seal_public=public, log_private=log_private
    ) as here:
        slips = {code: [codes.spent_slip(codes.new_code()) for _ in range(n)] for code, n in voters}
        for code, spent in slips.items():
            here.add_slips(code, spent)
        here.advance("issued")
        here.advance("casting")
        under_way = []
        for code, spent in slips.items():
            for number, right in enumerate(spent):
                _category, raw = cast(one, code, marks[number % len(marks)])
                blob = seal.seal(public, raw, box=box, category=code)
                under_way.append(here.submit(right, code, blob))
        for ballot in under_way:
            ballot.wait()
        here.advance("closed")
        opened = [(category, raw) for _leaf, category, raw in here.open(private)]
        cols = gather(one, opened)
        found = flows(one, cols)
        cols = gather(one, opened, issued=found.issued)
        made = counted(one, cols, found, leaves=40, secret=bytes(32))
        here.store_columns(b"columns")
        final = here.sign_final(made.extra)
        for kind in (True, False):
            raw = bundle(
                made, leaves=here.leaves(), heads=here.heads(), final=final,
                log_public=log_public, full=kind,
            )  # fmt: skip
            (folder / ("full.json" if kind else "open.json")).write_text(json.dumps(raw))
        here.copy(folder / "copy.sqlite3")
    (folder / "seal.key").write_text(private.hex())
    return folder, seal.split(private, need=2, of=3)


@pytest.mark.parametrize("kind", ["open.json", "full.json"])
def test_a_real_box_gives_a_bundle_that_holds(capsys, voted, kind):
    folder, _shares = voted
    assert "核验通过：40 张票" in "\n".join(told(capsys, "verify", folder / kind))


def test_scrutineers_recount_a_copy_with_their_shares_or_the_key(capsys, voted):
    folder, shares = voted
    words = ["recount", folder / "copy.sqlite3", "--bundle", folder / "full.json"]
    given = [word for share in shares[1:] for word in ("--share", share)]
    assert told(capsys, *words, *given) == ["复票一致：40 张票，18 个票列，与公布的逐列相同。"]
    assert told(capsys, *words, "--key", folder / "seal.key")[0].startswith("复票一致")


def test_a_recount_says_what_is_wrong_with_what_it_was_given(capsys, voted, file, tmp_path):
    folder, shares = voted
    words = ["recount", folder / "copy.sqlite3", "--bundle"]
    right = [*words, folder / "open.json"]
    assert told(capsys, *right, status=1) == [
        "请用 --share 给足密钥份，或用 --key 给密钥文件，只用一种。"
    ]
    assert "再请一位持份人" in told(capsys, *right, "--share", shares[0], status=1)[0]
    other = tmp_path / "other.key"
    other.write_text("11" * 32)
    assert "打不开这个票箱" in told(capsys, *right, "--key", other, status=1)[0]
    lines = told(capsys, *words, file, "--key", folder / "seal.key", status=1)
    assert {"票箱的日志钥匙被换过。", "票箱里的方案被换过。"} <= set(lines)
    assert lines[-1] == "复票与公布的不一致。"
    no_box = ["recount", folder / "seal.key", "--bundle", folder / "open.json", "--share", "x"]
    assert "不是票箱" in told(capsys, *no_box, status=1)[0]


# Words --------------------------------------------------------------------------------------------


def test_every_check_and_every_reason_has_its_words(voted):
    folder, _shares = voted
    checks = verify(json.loads((folder / "open.json").read_text()))
    assert {check.name for check in checks} == set(tally_words.CHECKS)
