"""The phone's code, run by node and called from here, one JSON line a call."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


class Client:
    """手机端：`client.blind.verify(…)` calls `verify` of frontend/ballot/blind.js."""

    def __init__(self, process: subprocess.Popen[str], module: str = "") -> None:
        self._process, self._module = process, module

    def __getattr__(self, module: str) -> Any:
        if self._module:
            return lambda *args: self._call(module, args)
        return Client(self._process, module)

    def _call(self, name: str, args: tuple[Any, ...]) -> Any:
        folder = "" if self._module == "published" else "../../frontend/ballot/"
        file = self._module + (".mjs" if self._module == "published" else ".js")
        call = {"module": f"./{folder}{file}", "name": name, "args": [_out(arg) for arg in args]}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(call) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return _into(answer["value"])


def _out(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, int) and abs(value) > 1 << 53:
        return {"int": str(value)}
    if isinstance(value, list):
        return [_out(one) for one in value]
    if hasattr(value, "to_plain"):
        return {"key": value.to_plain()}
    if isinstance(value, dict):
        return {name: _out(one) for name, one in value.items()}
    return value


def _into(value: Any) -> Any:
    if isinstance(value, list):
        return [_into(one) for one in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"hex"}:
        return bytes.fromhex(value["hex"])
    if set(value) == {"int"}:
        return int(value["int"])
    return {name: _into(one) for name, one in value.items()}


@pytest.fixture(scope="session")
def client() -> Iterator[Client]:
    """Skipped where there is no node, or no packages for it."""
    node = shutil.which("node")
    if not node:
        pytest.skip("needs node to run the phone's code")
    if not (ROOT / "node_modules/@noble/curves").is_dir():
        pytest.skip("needs the phone's packages: run python3 dev assets")
    command = [node, str(Path(__file__).with_name("calls.mjs"))]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as process:  # type: ignore[call-overload]
        yield Client(process)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=20)
