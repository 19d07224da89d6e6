"""A results folder as DataFrames."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import typing
import weakref

from ampsim import _ampsim
from ampsim._frames import frame_of_csv

if typing.TYPE_CHECKING:
    import pandas


class Results:
    """What an experiment came to.

    `ampsim.run` returns one; `Results("results/parts")` opens what the program wrote. Tables are
    read when they are asked for, once.

    Attributes:
        folder: where the files are. Without `out` it is temporary and goes with this object.
        tables: the names of the tables that are there: "runs", "summary", "payments", ...
        runs, summary, payments, parts, ...: these tables as DataFrames. Columns: docs/results.md.
    """

    def __init__(self, folder: "str | os.PathLike[str]") -> None:
        self.folder = pathlib.Path(folder)
        self._frames: dict[str, pandas.DataFrame] = {}
        if not (self.folder / "manifest.json").exists():
            raise FileNotFoundError(
                f"{self.folder}: no complete results; `ampsim run` makes them"
            )

    def _own_folder(self) -> None:
        """The folder goes when this does."""
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    @property
    def tables(self) -> list[str]:
        return sorted(path.stem for path in self.folder.glob("*.csv"))

    @property
    def experiment(self) -> str:
        """The experiment with every default filled in, as TOML."""
        return (self.folder / "experiment.toml").read_text(encoding="utf-8")

    @property
    def manifest(self) -> dict:
        """Program, inputs, times: what `manifest.json` says."""
        return json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))

    def table(self, name: str) -> "pandas.DataFrame":
        """The table of that name. KeyError where the experiment did not record it."""
        if name not in self.tables:
            raise KeyError(
                f"{name}: no such table; there are {', '.join(self.tables)}"
                f" (record.{name} = true records more)"
            )
        if name not in self._frames:
            self._frames[name] = frame_of_csv(self.folder / f"{name}.csv")
        return self._frames[name]

    def report(self, out: "str | os.PathLike[str] | None" = None) -> pathlib.Path:
        """Writes the page of charts, `report.html`, into the folder or to `out`; returns where."""
        file = self.folder / "report.html" if out is None else pathlib.Path(out)
        _ampsim.write_page(str(self.folder), str(file))
        return file

    def __getattr__(self, name: str) -> "pandas.DataFrame":
        if name.startswith("_") or name == "folder":
            raise AttributeError(name)
        try:
            return self.table(name)
        except KeyError as error:
            raise AttributeError(error.args[0]) from None

    def __dir__(self) -> list[str]:
        return sorted([*super().__dir__(), *self.tables])

    def __repr__(self) -> str:
        return f"<Results in {self.folder}: {', '.join(self.tables)}>"
