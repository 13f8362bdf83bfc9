"""Text as people type it: half- and full-width forms, spaces, look-alike brackets."""

import unicodedata


def zh(sentence: str) -> str:
    """Mark a Chinese sentence that stands in plain data, so that the translators find it."""
    return sentence


def plain(text: str) -> str:
    """Fold widths, case and white space, for comparing and searching; never for storing.

    >>> plain("经开区（ 管委会 ）") == plain("经开区(管委会)")
    True
    """
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def shorten(text: str, length: int) -> str:
    """The first `length` characters, with an ellipsis where something was cut."""
    return text if len(text) <= length else text[: length - 1] + "…"


# What was generated for a demonstration says so wherever it stands.
SAMPLE_MARK = zh("示例数据")


def tidy(text: str) -> str:
    r"""Line breaks of one kind, without what turns the direction of reading or cannot be seen.

    >>> tidy(" one\r\n\u202etwo ")
    'one\ntwo'
    """
    kept = (one for one in text.replace("\r\n", "\n") if one == "\n" or one.isprintable())
    return "".join(kept).strip()
