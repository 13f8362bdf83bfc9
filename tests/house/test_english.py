"""Chinese is the source language, and English is complete."""

from bihuan.cli import messages


def test_every_chinese_sentence_has_its_english():
    assert messages.missing() == []


def test_sentences_are_found_in_python_data_and_templates():
    found = {words for words, _name, _line in messages.sentences()}
    assert "核验人" not in found  # not in the source: the search does not invent
    assert "已销号" in found  # plain data, marked by zh()
    assert "跳到正文" in found  # a template
    assert ("逾期 %(n)d 天", "逾期 %(n)d 天") in found  # a plural
