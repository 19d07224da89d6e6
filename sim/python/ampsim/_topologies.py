"""Networks as DataFrames."""

from __future__ import annotations

import os
import typing

from ampsim import _ampsim
from ampsim._experiments import _as_experiment
from ampsim._frames import frame_of_columns

if typing.TYPE_CHECKING:
    import pandas


class Topology:
    """A network: `load_topology` reads one, `network` makes that of a run.

    A node's number, in a `Request`, is its row in `nodes`, a channel's its row in `channels`;
    direction 0 leads from `source` to `destination`.
    """

    def __init__(self, native: "_ampsim.Topology") -> None:
        self._native = native

    @property
    def nodes(self) -> "pandas.DataFrame":
        """A row a node: name, alias, channels (their number)."""
        return frame_of_columns(self._native.node_columns)

    @property
    def channels(self) -> "pandas.DataFrame":
        """A row a channel: channel, source, destination, capacity_msat, balance_source_msat, and
        each end's policy, source_fee_base_msat, ... What the file does not say is missing.
        """
        return frame_of_columns(self._native.channel_columns)

    def describe(self) -> "pandas.Series":
        """What `ampsim topology describe` prints: a value a property."""
        import pandas

        return pandas.Series(self._native.describe(), name="value", dtype=float)

    def __repr__(self) -> str:
        return f"<Topology: {len(self.nodes)} nodes, {len(self.channels)} channels>"


def load_topology(*files: "str | os.PathLike[str]", format: str = "auto") -> Topology:
    """The network in a file, or in the files of a format that has several.

    The format is found from the content; docs/topologies.md lists them. Raises InputError.
    """
    return Topology(_ampsim.import_files([os.fspath(file) for file in files], format))


def network(experiment, run: int = 0) -> Topology:
    """The network that a run of an experiment starts from, with the balances that are drawn.

    `run` is the row in `results.runs`. `network({"topology": {"generator": "grid", "nodes": 9}})`
    is how to generate one.
    """
    return Topology(_ampsim.network_of(_as_experiment(experiment)._native, run))
