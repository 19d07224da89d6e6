"""pandas, imported when the first DataFrame is asked for: reading an experiment takes none."""

from __future__ import annotations

import typing

if typing.TYPE_CHECKING:
    import pandas


def frame_of_csv(path) -> "pandas.DataFrame":
    """A table of a results folder, every number as the program had it."""
    import pandas

    # The shortest decimals come back as the very same doubles only with round_trip; a route is one
    # or more channels with spaces between them, also where it is a single number.
    return pandas.read_csv(path, dtype={"route": str}, float_precision="round_trip")


def frame_of_columns(columns: dict) -> "pandas.DataFrame":
    """Columns with None where nothing is known; integers stay integers there."""
    import pandas

    def series_of(values: list) -> "pandas.Series":
        kinds = {type(value) for value in values if value is not None}
        if None not in values or kinds not in ({int}, {bool}):
            return pandas.Series(values, dtype=None if values else object)
        # By way of doubles, as pandas would go by itself, whole numbers of msat change.
        return pandas.Series(pandas.array(values, dtype="Int64" if kinds == {int} else "boolean"))

    return pandas.DataFrame({name: series_of(values) for name, values in columns.items()})
