"""The upload field: every fault is a sentence that says what to do next."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from bihuan.files import rules
from bihuan.files.forms import UploadField
from tests.rooms.files.samples import EXE, HONEST, PAGE


class Trial(forms.Form):
    upload = UploadField(label="文件")


class Optional(forms.Form):
    upload = UploadField(label="文件", required=False)


def faults(name: str, body: bytes) -> list[str]:
    return list(Trial({}, {"upload": SimpleUploadedFile(name, body)}).errors.get("upload", []))


def test_an_honest_file_comes_through_with_a_clean_name_and_at_its_start():
    form = Trial({}, {"upload": SimpleUploadedFile("表<1>.xlsx", HONEST["xlsx"][0])})
    assert form.is_valid(), form.errors
    upload = form.cleaned_data["upload"]
    assert upload.name == "表_1_.xlsx"
    assert upload.read() == HONEST["xlsx"][0]


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("表.xlsx", EXE, "是程序"),
        ("照片.jpg", PAGE, "是网页或脚本"),
        ("页.html", PAGE, "不收 html 文件"),
        ("图.svg", b"<svg/>", "不收 svg 文件"),
        ("表.xlsm", HONEST["xlsx"][0], "另存为不带宏的 xlsx"),
        ("空.pdf", b"", "是空的"),
        ("材料", b"1", "没有扩展名"),
        ("表.pdf", HONEST["xlsx"][0], "内容不是 pdf"),
    ],
)
def test_what_is_not_let_in_gets_one_sentence(name, body, words):
    (sentence,) = faults(name, body)
    assert words in sentence
    assert sentence.endswith("。")


def test_a_refused_type_is_told_which_types_are_let_in():
    (sentence,) = faults("页.html", PAGE)
    assert rules.ALLOWED in sentence


def test_a_file_is_asked_for_unless_it_may_be_left_out():
    assert Trial({}, {}).errors["upload"] == ["请选择一个文件。"]
    form = Optional({}, {})
    assert form.is_valid()
    assert form.cleaned_data["upload"] is None


def test_the_browser_is_told_how_large_a_file_may_be_and_what_to_say(settings):
    settings.LARGEST_FILE = 2 * 1024 * 1024
    shown = str(Trial()["upload"])
    assert 'data-largest="2097152"' in shown
    assert "超过 2 MB 的上限" in shown
    assert "不超过 2 MB" in str(Trial()["upload"].help_text)
    assert Trial().is_multipart()


def test_a_file_that_is_too_large_is_refused_even_if_it_was_taken_in(settings):
    settings.LARGEST_FILE = 4
    (sentence,) = faults("长.txt", b"12345")
    assert "超过 4 B 的上限" in sentence


def test_every_sentence_can_be_said_in_every_language():
    for code, sentence in rules.SENTENCES.items():
        params = dict.fromkeys(("name", "extension", "largest", "instead", "allowed"), "x")
        with translation.override("en"):
            assert translation.gettext(sentence) % params, code
