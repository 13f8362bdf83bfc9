"""Settings of the test suite: a data folder of its own, quick passwords, else the same."""

import os
import tempfile
from pathlib import Path

_folder = tempfile.TemporaryDirectory(prefix="bihuan-test-", ignore_cleanup_errors=True)
os.environ["BIHUAN_DATA"] = _folder.name
os.environ.pop("BIHUAN_EXECUTOR", None)

from bihuan.site.settings import *  # noqa: E402, F403 - settings are made to be inherited

DATA = Path(_folder.name)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
