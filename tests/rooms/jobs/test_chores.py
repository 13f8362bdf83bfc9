"""The house's own jobs: they really read what they say they check, and name what is wrong."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from bihuan.files import services as files
from bihuan.files import store
from bihuan.jobs import services
from bihuan.jobs.models import Job
from bihuan.site import chores


@pytest.fixture(autouse=True)
def declared(known, settings, tmp_path) -> None:
    settings.FILES_FOLDER = tmp_path / "files"
    chores.declare()


@pytest.fixture
def run(post, django_capture_on_commit_callbacks):
    def start(kind: str, username: str) -> Job:
        with django_capture_on_commit_callbacks(execute=True):
            job = services.start(kind, by=post(username), inputs={})
        job.refresh_from_db()
        assert job.state == "done", job.fault
        return job

    return start


def test_each_is_offered_to_whom_it_concerns(post):
    assert services.startable(post("admin")) == ["site.check_files"]
    assert services.startable(post("auditor")) == ["site.check_chain"]
    assert services.startable(post("clerk")) == []


def test_stored_files_are_checked_and_the_damaged_are_named(run):
    for text in ("甲", "乙"):
        version = files.keep(SimpleUploadedFile("说明.txt", text.encode()), by=None, title=text)
    assert run("site.check_files", "admin").result == {"核对的版本": 2, "受损的版本": 0}
    store.path(version.digest).unlink()
    job = run("site.check_files", "admin")
    assert job.result["受损的版本"] == 1
    assert job.result["哪些受损"] == ["“乙”第 1 版（说明.txt）：文件不在。"]
    assert (job.done, job.total) == (2, 2)


def test_the_chain_is_checked_to_its_end_and_an_altered_entry_is_found(run):
    job = run("site.check_chain", "auditor")
    assert job.result["审计链完整"] is True
    count = job.result["完好的记录"]
    assert count > 1
    assert job.done == job.total == count
    with connection.cursor() as cursor:  # as somebody would who owns the database
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER audit_entry_no_update")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_entry SET note = 'x' WHERE seq = 2")
    result = run("site.check_chain", "auditor").result
    assert (result["审计链完整"], result["完好的记录"], result["断开处"]) == (False, 1, 2)
