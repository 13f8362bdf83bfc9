"""Options of `uncertainty` and `sensitivity` read into inputs and designs; and who runs them."""

import importlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from bihuan.base.errors import Refused
from bihuan.cli.offline.reading import Input, csv_rows, weight_sets
from bihuan.cli.offline.words import _, sentence
from bihuan.engines.index.design import (
    USUAL_FACTOR,
    Design,
    Inputs,
    design_from,
    drawn,
    impute_from,
    scale_from,
)
from bihuan.engines.index.faults import Fault, Unfit
from bihuan.engines.index.method import IMPUTE, MEANS, SCALES, Scale, choice

Reader = Callable[[str], Any]

# What varies where nothing is said: the alternatives of COINr's own example.
USUAL = Inputs(
    winmax=(1, 2, 3, 4, 5),
    normalisation=(
        Scale(how="minmax", lower=1.0, upper=100.0),
        Scale(how="zscore", mean=10.0, sd=2.0),
    ),
    aggregation=(("amean",), ("gmean",)),
    weight_factor=USUAL_FACTOR,
)


def inputs_from(
    given: Input,
    *,
    winmax: str,
    normalise: tuple[str, ...],
    aggregate: tuple[str, ...],
    impute: tuple[str, ...],
    weight_noise: float | None,
    weights: Path | None,
    data_noise: float | None,
    impute_noise: bool,
) -> Inputs:
    """The inputs that options name; the usual ones where none is named."""
    said = (winmax, normalise, aggregate, impute, weights, data_noise, impute_noise)
    if not any(said) and weight_noise is None:
        return USUAL
    faults: list[Fault] = []

    def each(
        field: str, texts: Sequence[str], known: Sequence[str], read: Reader
    ) -> tuple[Any, ...]:
        """What each text means; those that mean nothing are faults."""
        found = [(text, read(text)) for text in texts]
        for text, meant in found:
            if meant is None:
                params = {"field": field, "found": text, "known": " ".join(known)}
                faults.append(Fault("unknown_choice", params))
        return tuple(meant for _text, meant in found)

    moves = re.split(r"[,，\s]+", winmax.strip()) if winmax else []
    scales = partial(scale_from, base=given.method.normalise)
    made = Inputs(
        winmax=each("--winmax", moves, ("1,2,3",), _count),
        normalisation=each("--normalise", normalise, SCALES, scales),
        aggregation=each("--aggregate", aggregate, MEANS, _means),
        impute=each("--impute", impute, IMPUTE, partial(impute_from, base=given.method.impute)),
        weight_factor=weight_noise or 0.0,
        weight_sets=weight_sets(weights, given.frame.tree) if weights else (),
        noise=(data_noise,) if data_noise else (),
        gaps=impute_noise,
    )
    if faults:
        raise Unfit(faults)
    return made


def _count(text: str) -> int | None:
    return int(text) if text.isdigit() else None


def _means(text: str) -> tuple[str, ...] | None:
    hows = tuple(choice(word) for word in re.findall(r"[A-Za-z_]+", text))
    return hows if hows and not set(hows) - set(MEANS) else None


def design(given: Input, inputs: Inputs, replicates: int, seed: int, file: Path | None) -> Design:
    """The draws: by count and seed, or exactly those of a design file."""
    if file is None:
        return drawn(inputs, replicates, seed)
    header, body = csv_rows(file)
    base = replace(inputs, winmax=(), normalisation=(), aggregation=(), impute=())
    if inputs is USUAL:  # nothing was said: the file alone tells how far weights move
        base = replace(base, weight_factor=0.0)
    try:
        return design_from(header, body, given.method, given.frame.tree, base)
    except Unfit as refusal:
        raise Refused.all(
            sentence(f.code, {**f.params, "file": file.name, **_line(f)}) for f in refusal.faults
        ) from refusal


def _line(fault: Fault) -> dict[str, int]:
    """The line of a design file, as people count it."""
    return {"row": fault.params["row"] + 2} if "row" in fault.params else {}


Mapper = Callable[..., Iterator[Any]]


@contextmanager
def runner(where: str) -> Iterator[Mapper]:
    """`here`, `threads:2`, `processes:2` or `dask://host:port`: anything that maps.

    Threads help work that lets go of the interpreter's lock, which compiled search does.
    """
    if where in ("", "here"):
        yield map
    elif found := re.fullmatch(r"threads(?::(\d+))?", where):
        with ThreadPoolExecutor(int(found[1]) if found[1] else None) as pool:
            yield pool.map
    elif found := re.fullmatch(r"processes(?::(\d+))?", where):
        with ProcessPoolExecutor(int(found[1]) if found[1] else None) as pool:
            try:
                yield pool.map
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    elif where.startswith("dask://"):
        try:
            dask = importlib.import_module("distributed")
        except ImportError as fault:
            raise Refused(_("没有安装 Dask。请先安装 distributed。")) from fault
        with dask.Client(where.replace("dask://", "tcp://", 1)) as client:
            yield client.get_executor().map
    else:
        raise Refused(
            _("不认识“%(where)s”。请写 here、processes:2 或 dask://主机:端口。") % {"where": where}
        )


def telling(run: Mapper, total: int) -> Mapper:
    """The same map, saying on stderr how far it is; Ctrl-C stops it between pieces."""

    def told(work: Callable[[Any], Any], parts: Iterable[Any]) -> Iterator[Any]:
        done = 0
        for answer in run(work, parts):
            done += len(answer.scores)
            click.echo(
                _("已算 %(done)d 次，共 %(total)d 次。") % {"done": done, "total": total}, err=True
            )
            yield answer

    return told
