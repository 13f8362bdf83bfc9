"""Pages of one file as text and as pixels. Runs in the helper process only."""

import ctypes
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # has no types
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]  # has no types
from PIL import Image, ImageDraw, ImageOps

MOST_PAGES = 500
MOST_PIXELS = 120_000_000  # A0 at 250 dpi has 97 million
_KINDS = ("PNG", "JPEG", "WEBP")
_TEXT_SIGNS = 20_000  # of one page

Image.MAX_IMAGE_PIXELS = None  # judged below, before any pixel is unpacked


class Faulty(Exception):  # noqa: N818 - an answer to the parent, not an error of the program
    """Why a file cannot be used: a code, and what goes into its sentence."""

    def __init__(self, code: str, **params: object) -> None:
        self.code, self.params = code, params
        super().__init__(code)


class Pages:
    """The pages of a PDF, or the one page that a picture is; numbers from 0."""

    def __init__(self, path: str) -> None:
        with Path(path).open("rb") as stream:
            start = stream.read(1024)
        self._pdf: Any = _opened(path) if b"%PDF-" in start else None
        self._picture = _picture(path) if self._pdf is None else None
        self._count = 1 if self._pdf is None else len(self._pdf)
        if len(self) < 1:
            raise Faulty("no_pages")
        if len(self) > MOST_PAGES:
            raise Faulty("too_many_pages", found=len(self), most=MOST_PAGES)

    def __len__(self) -> int:
        return self._count

    @property
    def scripts(self) -> int:
        """How many scripts the PDF carries in its list of names; none is ever run."""
        if self._pdf is None:
            return 0
        found: int = pdfium_c.FPDFDoc_GetJavaScriptActionCount(self._pdf.raw)
        return max(0, found)

    def sizes(self) -> list[tuple[float, float]]:
        """Width and height of each page: points of a PDF, pixels of a picture."""
        if self._picture is not None:
            return [(float(self._picture.width), float(self._picture.height))]
        found = []
        for number in range(len(self)):
            width, height = ctypes.c_double(), ctypes.c_double()
            ok = pdfium_c.FPDF_GetPageSizeByIndex(self._pdf.raw, number, width, height)
            if not ok or width.value <= 0 or height.value <= 0:
                raise Faulty("broken_page", page=number + 1)
            found.append((round(width.value, 2), round(height.value, 2)))
        return found

    def text(self, number: int) -> str:
        """The words of a page; empty for a picture or a page without its own text."""
        if self._pdf is None:
            return ""
        page = self._page(number)
        words = page.get_textpage()
        found: str = words.get_text_range(count=min(_TEXT_SIGNS, max(0, words.count_chars())))
        words.close()
        page.close()
        return found.replace("\r\n", "\n").replace("\0", "")

    def image(self, number: int, longest: int) -> Image.Image:
        """A page in colour on white, its longer side `longest` pixels."""
        if self._picture is not None:
            shown = self._picture
            scale = longest / max(shown.size)
            size = (max(1, round(shown.width * scale)), max(1, round(shown.height * scale)))
            colour = shown.convert("RGBA")
            ground = Image.new("RGBA", colour.size, "white")
            return Image.alpha_composite(ground, colour).convert("RGB").resize(size)
        page = self._page(number)
        scale = longest / max(page.get_width(), page.get_height())
        # Forms and their scripts stay out: only what is drawn on the page is drawn.
        bitmap = page.render(scale=scale, may_draw_forms=False)
        image: Image.Image = bitmap.to_pil().convert("RGB")
        page.close()
        return image

    def _page(self, number: int) -> Any:
        try:
            return self._pdf[number]
        except pdfium.PdfiumError as fault:
            raise Faulty("broken_page", page=number + 1) from fault


def _opened(path: str) -> Any:
    try:
        return pdfium.PdfDocument(path)
    except pdfium.PdfiumError as fault:
        if getattr(fault, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD:
            raise Faulty("password") from fault
        if getattr(fault, "err_code", None) == pdfium_c.FPDF_ERR_SECURITY:
            raise Faulty("password") from fault
        raise Faulty("broken") from fault


def _picture(path: str) -> Image.Image:
    try:
        image = Image.open(path, formats=_KINDS)
        if image.width * image.height > MOST_PIXELS:
            raise Faulty("too_many_pixels", most=MOST_PIXELS // 1_000_000)
        image.load()
    except (OSError, ValueError, SyntaxError) as fault:
        raise Faulty("broken") from fault
    return ImageOps.exif_transpose(image)  # as a browser shows it


def encoded(image: Image.Image, kind: str) -> bytes:
    """The bytes of a picture, without anything that its file said about it."""
    out = io.BytesIO()
    plain = Image.frombytes("RGB", image.size, image.tobytes())
    if kind == "png":
        plain.save(out, "PNG", optimize=False)
    else:
        plain.save(out, "JPEG", quality=82)
    return out.getvalue()


def framed(image: Image.Image, boxes: Sequence[Sequence[float]]) -> Image.Image:
    """The picture with rectangles (x, y, w, h in fractions) drawn on it."""
    drawn = image.copy()
    pen = ImageDraw.Draw(drawn)
    width, height = image.size
    for x, y, w, h in boxes:
        corners = (x * width, y * height, (x + w) * width, (y + h) * height)
        pen.rectangle(corners, outline=(184, 50, 42), width=max(3, width // 300))
    return drawn
