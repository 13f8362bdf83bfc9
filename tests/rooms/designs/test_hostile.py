"""Files that mean harm: one sentence each, nothing stored, nothing run."""

import io
import zipfile

import pytest

from bihuan.base.errors import Refused
from bihuan.designs import services
from bihuan.designs.models import Opinion, SchemeVersion
from bihuan.files.models import Version
from tests.exchange.drawings.pdfs import SCRIPT, locked, pdf, png
from tests.rooms.designs.conftest import PLAN, upload

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


@pytest.mark.parametrize(
    ("content", "name", "word"),
    [
        (locked(), "a.pdf", "打开密码"),
        (PLAN[:200], "a.pdf", "打不开"),
        (SVG, "a.pdf", "网页或脚本"),
        (SVG, "a.png", "网页或脚本"),
        (SVG, "a.svg", "只收 PDF 和图片"),
        (b"<!doctype html><script>1</script>", "a.jpg", "网页或脚本"),
        (b"", "a.pdf", "空的"),
        (PLAN, "a.png", "内容不是"),
        (pdf(*[([], "x")] * 501), "a.pdf", "501 页"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why_and_leaves_nothing(
    scheme, people, content, name, word
):
    kept = Version.objects.count()
    with pytest.raises(Refused, match=word):
        services.bring(scheme, by=people.designer, uploads=[upload(content, name)], note="改。")
    assert (SchemeVersion.objects.count(), Version.objects.count()) == (1, kept)


def test_all_bad_files_are_told_at_once(scheme, people):
    bad = [upload(locked(), "a.pdf"), upload(SVG, "b.svg"), upload(png((0, 0, 0.1, 0.1)), "c.png")]
    with pytest.raises(Refused) as refused:
        services.bring(scheme, by=people.designer, uploads=bad, note="改。")
    assert len(refused.value.sentences) == 2


def test_a_script_in_a_pdf_is_told_and_not_run(scheme, people):
    content = pdf(([], "X"), catalogue=SCRIPT)
    version = services.bring(scheme, by=people.designer, uploads=[upload(content)], note="改。")
    assert version.files.get().scripts == 1


def test_three_hundred_pages_are_taken(scheme, people):
    content = pdf(*[([], f"PAGE {n}") for n in range(300)])
    version = services.bring(scheme, by=people.designer, uploads=[upload(content)], note="改。")
    assert version.pages == 300


def test_pictures_and_pdfs_make_one_version_with_pages_in_order(scheme, people):
    files = [upload(png((0, 0, 0.5, 0.5)), "a.png"), upload(PLAN)]
    version = services.bring(scheme, by=people.designer, uploads=files, note="改。")
    assert [(f.kind, f.first, f.pages) for f in version.files.all()] == [
        ("picture", 1, 1), ("pdf", 2, 2),
    ]  # fmt: skip


def packed(**entries: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in entries.items():
            package.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"no zip", "不是 BCF"),
        (packed(bcf_version='<Version VersionId="2.1"/>'), "没有议题"),
        (
            packed(
                bcf_version='<Version VersionId="2.1"/>',
                a__markup_bcf='<!DOCTYPE x [<!ENTITY a "b">]><Markup/>',
            ),
            "实体",
        ),
        (
            packed(bcf_version='<Version VersionId="2.1"/>', a__markup_bcf="<Markup/>"),
            "没有议题的内容",
        ),
    ],
)
def test_a_bcf_that_cannot_be_taken_says_why_and_leaves_nothing(scheme, people, content, word):
    version = scheme.versions.get()
    with pytest.raises(Refused, match=word):
        services.take_in(
            scheme, by=people.planner, upload=upload(content, "a.bcf"), version=version
        )
    assert Opinion.objects.count() == 0
