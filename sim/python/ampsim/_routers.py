"""Routing functions."""

from __future__ import annotations

import inspect
import os
import typing

from ampsim import _ampsim

_Routing = typing.TypeVar("_Routing", bound=typing.Callable)

# Of each router of Python's: the file that it was written in, None where there is none.
_files: dict[str, "str | None"] = {}


def _file_of(function: object) -> "str | None":
    try:
        file = inspect.getsourcefile(function)
    except TypeError:
        return None
    return os.path.abspath(file) if file and os.path.exists(file) else None


def source_files_of(algorithms: "set[str]") -> "tuple[list[str], bool]":
    """The files of those that are written in Python; whether each of them has one."""
    files = [_files[name] for name in sorted(algorithms) if name in _files]
    return sorted({file for file in files if file}), all(files)


def router(
    name: str,
    *,
    help: str = "",
    splitter: str = "halving",
    liquidity_view: str = "none",
    flow: bool = False,
) -> "typing.Callable[[_Routing], _Routing]":
    """Makes a function a router: `routing.algorithm = NAME` of any experiment from then on.

        @ampsim.router("first")
        def first(request):
            for channel in request.graph.channels_from(request.source):
                if channel.target == request.target:
                    return [channel]

    The function is called with a `Request` and returns a path, a list of directed channels from
    `request.source` to `request.target` (`Channel`s or their indices), or None. A path that cannot
    be used is as good as none: one over a disabled channel or one to be avoided, with an amount
    outside of a policy's bounds, above the fee or time limit, or with more than the sender's own
    channel can send. `request.price(path)` tells. What is no path at all is a ValueError.

    With `flow`, and the splitter "flow", it returns parts, (path, amount_msat) each. With less than
    the amount together, a part that cannot be used or one below the smallest there is no route.

    A class is instantiated with the `Graph` at the start of every run, and its `route` is called:
    what a router remembers belongs there, so that results do not depend on the order of runs.

    Args:
        name: for routing.algorithm. A name that was given here before is given anew.
        help: a few words.
        splitter, liquidity_view: what "auto" stands for with it.
        flow: whether it divides amounts itself.
    """

    def register(routing: "_Routing") -> "_Routing":
        if inspect.isclass(routing):
            make = lambda graph: routing(graph).route  # noqa: E731
        else:
            make = lambda graph: routing  # noqa: E731
        if not callable(routing):
            raise TypeError(f"router {name!r}: found {routing!r}; allowed: a function or a class")
        default = "flow" if flow and splitter == "halving" else splitter
        _ampsim.register_router(name, make, help, default, liquidity_view, flow)
        _files[name] = _file_of(routing)
        return routing

    return register
