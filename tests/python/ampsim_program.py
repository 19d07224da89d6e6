"""What the tests of the Python package share: the program beside it, and small experiments."""

import os
import pathlib
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["AMPSIM_PROGRAM"]

SMALL = {
    "replicates": 2,
    "topology": {"generator": "complete", "nodes": 6},
    "workload": {"payments": 30},
    "sweep": {"payment.scheme": ["single", "amp"]},
}


def call(*arguments, cwd=None):
    """The program's exit code, stdout and stderr."""
    done = subprocess.run(
        [PROGRAM, *map(str, arguments)], capture_output=True, text=True, cwd=cwd, check=False
    )
    return done.returncode, done.stdout, done.stderr


class InFolder(unittest.TestCase):
    """Each test in a folder of its own."""

    def setUp(self):
        keep = tempfile.TemporaryDirectory()
        self.addCleanup(keep.cleanup)
        self.folder = pathlib.Path(keep.name)

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")
        return self.folder / name
