"""Experiments: a dict or a file, checked and run."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import typing
import warnings

from ampsim import _ampsim
from ampsim._frames import frame_of_columns
from ampsim._results import Results
from ampsim._routers import source_files_of

if typing.TYPE_CHECKING:
    import pandas

    Source = typing.Union[dict, str, os.PathLike, "Experiment"]


class Experiment:
    """An experiment that has been read and checked: every setting of every point is known.

    `resolve` makes one; `run` and `network` take it.
    """

    def __init__(self, experiment: "Source", overrides: "dict | None" = None) -> None:
        self._native = _ampsim.Experiment(experiment, overrides or {})
        for text in self._native.warnings:
            warnings.warn(text, stacklevel=3)

    @property
    def name(self) -> str:
        return self._native.name

    @property
    def seed(self) -> int:
        return self._native.seed

    @property
    def replicates(self) -> int:
        return self._native.replicates

    @property
    def run_count(self) -> int:
        """Points times replicates."""
        return self._native.run_count

    @property
    def points(self) -> "pandas.DataFrame":
        """A row a point, a column a swept key."""
        return frame_of_columns(self._native.point_columns)

    @property
    def resolved(self) -> str:
        """The experiment with every default filled in, as TOML: an experiment file."""
        return self._native.resolved

    def __repr__(self) -> str:
        return f"<Experiment {self.name}: {self.run_count} runs>"


def _as_experiment(source: "Source", overrides: "dict | None" = None) -> Experiment:
    if isinstance(source, Experiment) and not overrides:
        return source
    if isinstance(source, Experiment):
        raise TypeError("an Experiment has its settings already: give overrides to resolve()")
    return Experiment(source, overrides)


def resolve(experiment: "Source", *, overrides: "dict | None" = None) -> Experiment:
    """Reads and checks an experiment, and runs nothing.

    Args:
        experiment: a dict with the keys of an experiment file, nested or dotted, or such a file.
        overrides: keys and values in place of what the experiment says, as `--set` gives them.

    Raises:
        InputError: a ValueError with the line that the program would print.
    """
    return _as_experiment(experiment, overrides)


def _progress_on_stderr(done: int, runs: int, payments: int) -> None:
    end = "\n" if done == runs else ""
    sys.stderr.write(f"\r{done}/{runs} runs, {payments} payments{end}")
    sys.stderr.flush()


def run(
    experiment: "Source",
    *,
    out: "str | os.PathLike[str] | None" = None,
    jobs: "int | None" = None,
    overrides: "dict | None" = None,
    restart: bool = False,
    check: bool = False,
    progress: "bool | typing.Callable[[int, int, int], object]" = False,
) -> Results:
    """Runs an experiment and returns its tables.

    Args:
        experiment: a dict with the keys of an experiment file, nested or dotted, the name of such a
            file, or what `resolve` returned.
        out: a folder for the results. It can be gone on with, here or by `ampsim run`, and holds
            the tables that the program would write. Without it the results go with the object returned.
        jobs: runs at a time; all cores where it is not given. The results do not depend on it.
        overrides: keys and values in place of what the experiment says, as `--set` gives them.
        restart: start the folder over.
        check: verify every invariant after every event; slower.
        progress: True for a line on stderr, or a function that is called a few times a second with
            runs done, runs, and payments done. What it raises ends the experiment.

    Raises:
        InputError: a ValueError with the line that the program would print.
        KeyboardInterrupt: after Ctrl-C; in `out`, the runs that were finished are kept.
        Exception: what a routing function raised.
    """
    checked = _as_experiment(experiment, overrides)
    files, all_have_files = source_files_of(checked._native.algorithms)
    for file in files:
        checked._native.add_input_file(file)
    if jobs is not None and jobs < 1:
        raise _ampsim.InputError(f"jobs: found {jobs}; allowed: an integer from 1")
    folder = tempfile.mkdtemp(prefix="ampsim-") if out is None else os.fspath(out)
    has_results = out is not None and os.path.exists(os.path.join(folder, "experiment.toml"))
    if has_results and not all_have_files and not restart:
        raise _ampsim.InputError(
            f"{folder}: found results, and of a routing function without a file nobody can tell "
            "whether it is still the same; allowed: another folder, or restart=True"
        )
    try:
        _ampsim.run(
            checked._native,
            folder,
            jobs or 0,
            restart,
            check,
            _progress_on_stderr if progress is True else progress or None,
        )
        results = Results(folder)
    except BaseException:
        if out is None:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    if out is None:
        results._own_folder()
    return results
