"""Atomic multi-path payments on payment channel networks, simulated: ampsim in Python.

    import ampsim

    results = ampsim.run({
        "topology": {"generator": "lightning", "nodes": 300},
        "workload": {"payments": 300},
        "sweep": {"payment.scheme": ["single", "amp"]},
    })
    results.summary        # a pandas DataFrame, a row a point

An experiment is a dict with the keys of an experiment file, or the name of such a file. The tables
are those that `ampsim run` writes, number by number. `docs/guide/python.md` shows all of it.
"""

from ampsim._ampsim import Channel, Graph, InputError, InvariantError, Request
from ampsim._experiments import Experiment, resolve, run
from ampsim._results import Results
from ampsim._routers import router
from ampsim._topologies import Topology, load_topology, network
from ampsim._ampsim import version as __version__

# Where users find them, in messages and in help().
for _type in (Channel, Graph, InputError, InvariantError, Request):
    _type.__module__ = __name__

__all__ = [
    "Channel",
    "Experiment",
    "Graph",
    "InputError",
    "InvariantError",
    "Request",
    "Results",
    "Topology",
    "load_topology",
    "network",
    "resolve",
    "router",
    "run",
]
