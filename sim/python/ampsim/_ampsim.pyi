"""The native half. `Channel`, `Graph` and `Request` are what a routing function sees."""

from typing import Callable, Mapping, Optional, Sequence, Tuple, Union

version: str
commit: str

class InputError(ValueError):
    """What was given cannot be used: the line that the program would print."""

class InvariantError(RuntimeError):
    """A bug of ampsim, or of a router that broke its promises."""

class Channel:
    """One direction of a channel as it is announced. As an index it is `index`."""

    @property
    def index(self) -> int: ...  # 2 * channel + direction
    @property
    def channel(self) -> int: ...  # row of Topology.channels
    @property
    def source(self) -> int: ...  # rows of Topology.nodes
    @property
    def target(self) -> int: ...
    @property
    def capacity_msat(self) -> int: ...
    @property
    def fee_base_msat(self) -> int: ...
    @property
    def fee_ppm(self) -> int: ...
    @property
    def cltv_delta_blocks(self) -> int: ...
    @property
    def htlc_minimum_msat(self) -> int: ...
    @property
    def htlc_maximum_msat(self) -> int: ...
    @property
    def is_disabled(self) -> bool: ...
    def __index__(self) -> int: ...

class Graph:
    """What every sender knows of the network of a run. RuntimeError when the run is over."""

    @property
    def seed(self) -> int: ...  # of the replicate: random.Random(graph.seed)
    @property
    def node_count(self) -> int: ...
    @property
    def channel_count(self) -> int: ...
    @property
    def channels(self) -> Tuple[Channel, ...]: ...  # by index, two a channel
    def channels_to(self, node: int) -> Tuple[Channel, ...]: ...
    def channels_from(self, node: int) -> Tuple[Channel, ...]: ...

AnyChannel = Union[Channel, int]

class Request:
    """What a route is asked for. RuntimeError when it has been answered."""

    @property
    def graph(self) -> Graph: ...
    @property
    def source(self) -> int: ...
    @property
    def target(self) -> int: ...
    @property
    def amount_msat(self) -> int: ...  # that the target is to receive
    @property
    def total_msat(self) -> int: ...  # of the whole payment
    @property
    def fee_limit_msat(self) -> int: ...  # for this amount
    @property
    def cltv_limit_blocks(self) -> int: ...  # of the whole route, final delta included
    @property
    def final_cltv_blocks(self) -> int: ...
    @property
    def now_ms(self) -> float: ...
    @property
    def is_flow(self) -> bool: ...  # parts may be returned
    @property
    def min_part_msat(self) -> int: ...  # of a flow
    @property
    def max_parts(self) -> int: ...  # that may be returned
    @property
    def local(self) -> Mapping[int, int]: ...  # the source's own: index to what it can send
    @property
    def avoided(self) -> "set[int]": ...  # channels (not directed) that no route may pass
    @property
    def used(self) -> Mapping[int, int]: ...  # by other parts of this payment, by index
    @property
    def failed(self) -> "list[Tuple[int, int, str, float]]": ...  # index, msat, failure, at ms
    def most_over(self, channel: AnyChannel) -> int:
        """The most that could go over it, as far as the sender knows: msat."""
    def bounds(self, channel: AnyChannel) -> Tuple[int, int]:
        """What the sender believes gets through for sure, and what not to be exceeded: msat."""
    def probability(self, channel: AnyChannel, amount_msat: Optional[int] = None) -> float:
        """That it carries the amount, as the sender believes."""
    def price(
        self, path: Sequence[AnyChannel], amount_msat: Optional[int] = None
    ) -> "Optional[dict[str, int]]":
        """amount_msat, sent_msat, fee_msat and cltv_blocks; None for a path that cannot be used."""

class Experiment:
    def __init__(self, experiment: object, overrides: dict) -> None: ...
    @property
    def name(self) -> str: ...
    @property
    def seed(self) -> int: ...
    @property
    def replicates(self) -> int: ...
    @property
    def resolved(self) -> str: ...
    @property
    def warnings(self) -> "list[str]": ...
    @property
    def run_count(self) -> int: ...
    @property
    def point_columns(self) -> "dict[str, list]": ...
    @property
    def algorithms(self) -> "set[str]": ...
    def add_input_file(self, file: str) -> None: ...

class Topology:
    @property
    def node_columns(self) -> "dict[str, list]": ...
    @property
    def channel_columns(self) -> "dict[str, list]": ...
    def describe(self) -> "dict[str, Union[int, float, str]]": ...

def run(
    experiment: Experiment,
    folder: str,
    jobs: int,
    restart: bool,
    check: bool,
    progress: Optional[Callable[[int, int, int], object]],
) -> bool: ...
def write_page(folder: str, file: str) -> None: ...
def import_files(files: Sequence[str], format: str = "auto") -> Topology: ...
def network_of(experiment: Experiment, run: int) -> Topology: ...
def register_router(
    name: str,
    make: Callable[[Graph], Callable[[Request], object]],
    help: str,
    splitter: str,
    liquidity_view: str,
    flow: bool,
) -> None: ...
def python_routers() -> "list[str]": ...
