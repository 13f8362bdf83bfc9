"""Name and content must agree: honest files are let in, disguises are not."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.files import content, rules
from tests.rooms.files.samples import (
    EXE,
    HONEST,
    INSTALLER,
    PAGE,
    SVG,
    compound,
    package,
)

LARGEST = 1024 * 1024


def codes(name: str, body: bytes) -> list[str]:
    return [f.code for f in content.faults(name, len(body), io.BytesIO(body), LARGEST)]


@pytest.mark.parametrize("extension", sorted(HONEST))
def test_an_honest_file_is_let_in(extension):
    for body in HONEST[extension]:
        assert codes(f"材料.{extension}", body) == []
        assert codes(f"材料.{extension.upper()}", body) == []


@pytest.mark.parametrize("extension", sorted(HONEST))
def test_a_program_or_a_web_page_under_another_name_is_refused(extension):
    assert codes(f"材料.{extension}", EXE) == ["program"]
    assert codes(f"材料.{extension}", b"\x7fELF\x02\x01\x01" + b"\0" * 80) == ["program"]
    assert codes(f"照片.{extension}", PAGE) == ["web_page"]
    assert codes(f"照片.{extension}", b"\xef\xbb\xbf \n" + SVG) == ["web_page"]


# Types whose bytes are the same thing by design.
FAMILIES = (
    {"jpg", "jpeg"},
    {"tif", "tiff"},
    {"heic", "heif"},
    {"txt", "csv", "json", "geojson"},
    {"doc", "wps", "et", "dps"},
    {"xls", "wps", "et", "dps"},
    {"ppt", "wps", "et", "dps"},
    {"docx", "wps", "zip"},
    {"xlsx", "et", "zip"},
    {"pptx", "dps", "zip"},
    {"ofd", "zip"},
    {"ods", "zip"},
    {"wps", "et", "dps", "zip"},
    {"m4a", "mp4"},
)


@pytest.mark.parametrize("extension", sorted(HONEST))
def test_a_file_under_the_name_of_another_kind_is_refused(extension):
    for other, bodies in HONEST.items():
        related = other == extension or any({other, extension} <= f for f in FAMILIES)
        if not related:
            for body in bodies:
                assert codes(f"材料.{extension}", body) in (["mismatch"], ["locked"]), other


@pytest.mark.parametrize(
    "name",
    ["a.html", "a.svg", "a.js", "a.exe", "a.bat", "a.ps1", "a.vbs", "a.msi", "a.xml", "a.lnk"],
)
def test_pages_scripts_and_programs_are_refused_by_name(name):
    assert codes(name, b"1") == ["not_allowed"]


def test_a_name_without_an_ending_is_refused():
    assert codes("材料", b"1") == ["no_extension"]


def test_only_the_last_ending_counts():
    assert codes("材料.pdf.exe", HONEST["pdf"][0]) == ["not_allowed"]
    assert codes("材料.exe.pdf", HONEST["pdf"][0]) == []


@pytest.mark.parametrize("extension", sorted(rules.MACRO_EXTENSIONS))
def test_an_office_file_with_macros_is_refused_and_told_what_to_save_as(extension):
    body = package("[Content_Types].xml", "word/document.xml")
    (fault,) = content.faults(f"表.{extension}", len(body), io.BytesIO(body), LARGEST)
    assert fault.code == "macros"
    assert fault.params["instead"] in ("docx", "xlsx", "pptx")


def test_macros_are_found_under_an_innocent_name():
    assert codes("表.xlsx", package("xl/workbook.xml", "xl/vbaProject.bin")) == ["macros"]
    assert codes("文.doc", compound("WordDocument", "Macros", "VBA")) == ["macros"]
    assert codes("表.xls", compound("Workbook", "_VBA_PROJECT_CUR")) == ["macros"]
    assert codes("表.et", compound("Workbook", "_VBA_PROJECT_CUR")) == ["macros"]


def test_a_file_with_a_password_cannot_be_checked_and_is_refused():
    body = compound("EncryptionInfo", "EncryptedPackage")
    assert codes("表.xlsx", body) == ["locked"]
    assert codes("文.doc", body) == ["locked"]


def test_an_installer_in_a_compound_file_is_a_program():
    for extension in ("doc", "wps"):
        assert codes(f"材料.{extension}", compound("WordDocument", root=INSTALLER)) == ["program"]


def test_an_empty_file_and_a_large_one_are_refused_before_their_bytes_are_read():
    assert codes("材料.pdf", b"") == ["empty"]
    unread = io.BytesIO()
    (fault,) = content.faults("材料.exe", LARGEST + 1, unread, LARGEST)
    assert fault.code == "too_large"
    assert fault.params["largest"] == "1 MB"


def test_a_truncated_package_is_refused():
    body = HONEST["xlsx"][0]
    assert codes("表.xlsx", body[:-10]) == ["mismatch"]
    assert codes("包.zip", body[: len(body) // 2]) == ["mismatch"]


def test_a_listing_too_long_for_an_office_file_is_not_read():
    body = bytearray(HONEST["docx"][0])
    at = body.rfind(b"PK\x05\x06") + 12
    body[at : at + 4] = (64 * 1024 * 1024).to_bytes(4, "little")
    assert codes("文.docx", bytes(body)) == ["mismatch"]


def test_text_with_a_control_sign_anywhere_is_not_text():
    clean = ("数据\n" * 50_000).encode()
    assert codes("长.txt", clean) == []
    assert codes("长.txt", clean + b"\x00") == ["mismatch"]


def test_a_chinese_sign_cut_by_the_edge_of_a_piece_is_still_read():
    for encoding in ("utf-8", "gb18030"):
        body = b"a" * (content.CHUNK - 1) + "督".encode(encoding) * 3
        assert codes("长.txt", body) == []


def test_a_compound_file_whose_directory_runs_in_a_circle_ends():
    body = bytearray(compound(*(f"流{i}" for i in range(12)), "WordDocument"))
    body[512 + 4 : 512 + 8] = (1).to_bytes(4, "little")  # the first sector follows itself
    assert codes("文.doc", bytes(body)) == ["mismatch"]


@settings(deadline=None, max_examples=60)
@given(
    extension=st.sampled_from(sorted(rules.KINDS)),
    body=st.binary(min_size=1, max_size=3000)
    | st.sampled_from([b for bodies in HONEST.values() for b in bodies]).flatmap(
        lambda body: st.tuples(
            st.just(body), st.integers(0, len(body) - 1), st.binary(min_size=1, max_size=8)
        ).map(lambda t: t[0][: t[1]] + t[2] + t[0][t[1] + len(t[2]) :])
    ),
)
def test_whatever_the_bytes_the_answer_is_a_known_sentence_or_none(extension, body):
    stream = io.BytesIO(body)
    found = content.faults(f"材料.{extension}", len(body), stream, LARGEST)
    assert len(found) <= 1
    assert stream.tell() == 0
    for fault in found:
        assert rules.SENTENCES[fault.code] % {"allowed": "", **fault.params}
