"""Chinese is the source language, and English is complete."""

import re

import pytest

from bihuan.cli import messages


@pytest.fixture(scope="module")
def sentences():
    return list(messages.sentences())


def test_every_chinese_sentence_has_its_english(sentences):
    assert messages.missing(sentences) == []


def test_sentences_are_found_in_python_data_and_templates(sentences):
    found = {words for words, _name, _line in sentences}
    assert "核验人" not in found  # not in the source: the search does not invent
    assert "已销号" in found  # plain data, marked by zh()
    assert "跳到正文" in found  # a template
    assert ("逾期 %(n)d 天", "逾期 %(n)d 天") in found  # a plural
    assert "日期应在 %(year)d 年。请改正，或先转到那一年。" in found  # gettext by another name


def test_every_placeholder_can_be_filled_in(sentences):
    broken = re.compile(r"%\(\w+\)(?![-+ #0]*\d*(?:\.\d+)?[sdfgi])")
    assert [found for found in sentences if broken.search(str(found[0]))] == []
