"""Drawings of strangers: what they are, what changed between two, and that no file does harm."""

import numpy as np
import pytest
from PIL import Image

from bihuan.exchange import drawings
from bihuan.exchange.drawings import comparing
from tests.exchange.drawings.pdfs import SCRIPT, locked, pdf, png

BUILDING = (0.1, 0.3, 0.2, 0.3)
GATE = (0.7, 0.8, 0.06, 0.06)


@pytest.fixture
def kept(tmp_path):
    def keep(content: bytes, name: str = "drawing"):
        path = tmp_path / f"{name}{len(list(tmp_path.iterdir()))}"
        path.write_bytes(content)
        return path

    return keep


def test_a_pdf_says_how_many_pages_it_has_and_how_large_they_are(kept):
    sheet = drawings.inspect(kept(pdf(([BUILDING], "PLAN"), ([], "SECTION"))))
    assert (sheet.pages, sheet.sizes[0], sheet.scripts) == (2, (400, 300), 0)


def test_a_picture_is_one_page(kept):
    assert drawings.inspect(kept(png(BUILDING))).sizes == ((400, 300),)


def test_scripts_are_counted_and_not_run(kept):
    assert drawings.inspect(kept(pdf(([], "X"), catalogue=SCRIPT))).scripts == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (locked(), "password"),
        (b"%PDF-1.4\nnothing that follows is a document", "broken"),
        (pdf(([], "X"))[:120], "broken"),
        (png(BUILDING)[:200], "broken"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "broken"),
        (b"GIF89a" + bytes(40), "broken"),
        (b"", "broken"),
    ],
)
def test_what_cannot_be_shown_says_why(kept, content, code):
    with pytest.raises(drawings.Unreadable) as refused:
        drawings.inspect(kept(content))
    assert refused.value.code == code


def test_a_picture_of_too_many_pixels_is_not_unpacked(kept):
    with pytest.raises(drawings.Unreadable) as refused:
        drawings.inspect(kept(_flat(12_000, 12_000)))
    assert refused.value.code == "too_many_pixels"


def _flat(width: int, height: int) -> bytes:
    import io

    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


def test_too_many_pages_are_told_with_their_number(kept):
    with pytest.raises(drawings.Unreadable) as refused:
        drawings.inspect(kept(pdf(*[([], str(n)) for n in range(501)])))
    assert (refused.value.code, refused.value.params["found"]) == ("too_many_pages", 501)


def test_a_moved_building_is_found_and_the_untouched_gate_is_not(kept):
    old = kept(pdf(([BUILDING, GATE], "FLOOR AREA 120")))
    new = kept(pdf(([(0.4, 0.3, 0.2, 0.3), GATE], "FLOOR AREA 150")))
    (look,) = drawings.compare([old], [new])
    assert (look.old, look.new) == (1, 1)
    assert look.gone == ("FLOOR AREA 120",)
    assert look.come == ("FLOOR AREA 150",)
    grid = (look.mask, look.rows, look.columns)
    assert drawings.share_under(*grid, BUILDING) > 0.9
    assert drawings.share_under(*grid, GATE) == 0
    assert any(abs(x - 0.1) < 0.02 and abs(w - 0.2) < 0.03 for x, y, w, h in look.regions)


def test_nothing_changes_from_a_file_to_itself(kept):
    same = kept(pdf(([BUILDING], "A"), ([GATE], "B")))
    looks = drawings.compare([same], [same])
    assert [(look.share, look.regions, look.gone) for look in looks] == [(0, (), ())] * 2


def test_an_inserted_page_does_not_shift_those_after_it(kept):
    first, second = ([BUILDING], "PLAN"), ([(0.5, 0.5, 0.4, 0.4)], "SECTION")
    between = ([(0.0, 0.6, 1.0, 0.1)], "TRAFFIC")
    looks = drawings.compare([kept(pdf(first, second))], [kept(pdf(first, between, second))])
    assert [(look.old, look.new) for look in looks] == [(1, 1), (None, 2), (2, 3)]
    assert [bool(look.regions) for look in looks] == [False, False, False]


def test_pages_are_counted_through_all_files_of_a_version(kept):
    plan = kept(pdf(([BUILDING], "PLAN")))
    looks = drawings.compare([plan, kept(png(GATE))], [plan, kept(png((0.1, 0.1, 0.3, 0.3)))])
    assert {look.new for look in looks} >= {1, 2}


def test_stopping_ends_the_helper(kept):
    pages = kept(pdf(*[([BUILDING], str(n)) for n in range(6)]))

    def stop(done, total):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        drawings.compare([pages], [pages], tell=stop)


def test_a_page_becomes_a_picture_with_its_pin(kept, tmp_path):
    target = tmp_path / "page.png"
    leaf = drawings.Leaf(0, target, ((0.5, 0.5, 0.2, 0.2),))
    drawings.picture(kept(pdf(([], "PLAN"))), [leaf], longest=400, kind="png")
    image = np.asarray(Image.open(target))
    assert image.shape == (300, 400, 3)
    assert tuple(image[150, 240]) == (184, 50, 42)  # on the frame
    assert tuple(image[180, 240]) == (255, 255, 255)  # within


def test_a_shift_of_less_than_a_pixel_is_no_change():
    page = np.full((200, 200), 255, np.uint8)
    page[50:120, 40:90] = 0
    moved = np.roll(page, 1, axis=1)
    assert comparing.change(page, moved).regions == ()


def test_the_grid_comes_back_as_it_was_stored():
    page = np.full((97, 203), 255, np.uint8)
    other = page.copy()
    other[40:48, 80:88] = 0
    found = comparing.change(page, other)
    assert comparing.touched(found, (80 / 203, 40 / 97, 8 / 203, 8 / 97)) > 0
    assert comparing.touched(found, (0, 0, 0.2, 0.2)) == 0
