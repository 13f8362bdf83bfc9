"""Handing out: for download only, under its Chinese name, never altered bytes."""

from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.base.errors import Refused
from bihuan.files import pages, services, store
from bihuan.files.models import Version
from bihuan.files.views import deliver
from tests.rooms.files.samples import HONEST


def kept(extension: str) -> Version:
    upload = SimpleUploadedFile(f"口径“说明”.{extension}", HONEST[extension][0])
    return services.keep(upload, by=None, title="口径说明")


@pytest.mark.parametrize("extension", sorted(HONEST))
def test_every_kind_is_handed_out_for_download_and_cannot_run_in_a_page(extension, db):
    response = deliver(kept(extension))
    body = b"".join(response.streaming_content)
    response.close()
    assert body == HONEST[extension][0]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''")
    assert unquote(disposition.partition("''")[2]) == f"口径“说明”.{extension}"
    media_type = response.headers["Content-Type"]
    assert not media_type.startswith(("text/", "image/svg", "application/xhtml"))


def test_altered_or_missing_bytes_are_not_handed_out(db):
    version = kept("pdf")
    path = store.path(version.digest)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b"1.7", b"1.6"))
    with pytest.raises(Refused, match="不能交付"):
        deliver(version)
    path.unlink()
    with pytest.raises(Refused, match="不能交付"):
        deliver(version)


def test_the_versions_of_a_document_are_listed_newest_first(db):
    version = kept("txt")
    services.add_version(version.document, SimpleUploadedFile("二.txt", b"2"), by=None)
    table = pages.versions(version.document, lambda v: f"/somewhere/{v.number}/")
    assert [row.cells[1].value for row in table.rows] == ["二.txt", version.name]
    assert table.rows[0].cells[1].href == "/somewhere/2/"
    assert table.rows[0].cells[1].note == "1 B"
