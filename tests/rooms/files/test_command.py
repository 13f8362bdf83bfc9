"""`bihuan files verify`: says that all is whole, or names what is not and ends with a status."""

import pytest
from click.testing import CliRunner, Result

from bihuan.cli import storage
from bihuan.files import services, store
from bihuan.files.models import Version


@pytest.fixture
def two(paper, db) -> list[Version]:
    return [services.keep(paper(text), by=None, title=text) for text in ("甲", "乙")]


def verify() -> Result:
    return CliRunner().invoke(storage.files, ["verify"], standalone_mode=False)


def test_whole_files_are_said_to_be_whole(two):
    result = verify()
    assert (result.return_value, result.exception) == (0, None)
    assert result.stdout == "核对了 2 个版本，全部完好。\n"


def test_each_damaged_or_missing_file_is_named_and_the_status_is_not_zero(two):
    altered = store.path(two[0].digest)
    altered.chmod(0o600)
    altered.write_text("假", encoding="utf-8")
    store.path(two[1].digest).unlink()
    result = verify()
    assert result.return_value == 1
    lines = sorted(result.stdout.splitlines())
    assert lines == sorted(
        (
            f"“甲”第 1 版（说明.txt）：内容与存入时的摘要不符。 {two[0].digest}",
            f"“乙”第 1 版（说明.txt）：文件不在。 {two[1].digest}",
        )
    )
    assert "核对了 2 个版本，2 个受损" in result.stderr


def test_what_a_refused_upload_left_is_counted_and_is_no_fault(two):
    store.keep([b"never became a version"])
    result = verify()
    assert result.return_value == 0
    assert "另有 1 份内容不属于任何版本" in result.stdout
