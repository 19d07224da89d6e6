"""Runs the cells of a page as a notebook does: `cells.py FOLDER COUNT` takes FOLDER/.cell-0.py,
.cell-1.py, ... one after another, in one session, and writes what each shows to .cell-0.out, ...:
what it prints, the value of its last expression, or the last line of its error, which ends it.
"""

import ast
import contextlib
import io
import logging
import os
import pathlib
import sys
import traceback


def run_cell(code: str, session: dict) -> str:
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        try:
            tree = ast.parse(code)
            last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, "cell", "exec"), session)
            if last is not None:
                value = eval(compile(ast.Expression(last.value), "cell", "eval"), session)
                print("" if value is None else f"{value!r}\n", end="")
        except Exception as error:  # what a notebook shows last
            print("".join(traceback.format_exception_only(type(error), error)).strip())
    return shown.getvalue()


def main() -> None:
    # No window, and no word on the fonts that are looked for in the first call on a machine.
    os.environ["MPLBACKEND"] = "Agg"
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    session: dict = {"__name__": "__main__"}
    for number in range(count):
        code = (folder / f".cell-{number}.py").read_text(encoding="utf-8")
        shown = run_cell(code, session)
        lines = [line.rstrip() + "\n" for line in shown.splitlines()]
        (folder / f".cell-{number}.out").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
