"""The package itself: what it says of itself holds."""

import ast
import inspect
import pathlib
import subprocess
import sys
import unittest

import ampsim
from ampsim import _ampsim


def public(names):
    return {name for name in names if not name.startswith("_")}


class Package(unittest.TestCase):
    def test_has_a_stub_that_says_what_is_there(self):
        stub = ast.parse(pathlib.Path(ampsim.__file__).with_name("_ampsim.pyi").read_text())
        declared = {}
        for node in stub.body:
            if isinstance(node, ast.ClassDef):
                members = [each.name for each in node.body if isinstance(each, ast.FunctionDef)]
                declared[node.name] = public(members)
            elif isinstance(node, ast.FunctionDef):
                declared[node.name] = None
            elif isinstance(node, ast.AnnAssign):
                declared[node.target.id] = None
        self.assertEqual(set(declared), public(vars(_ampsim)))
        for name, members in declared.items():
            found = getattr(_ampsim, name)
            if inspect.isclass(found) and not issubclass(found, Exception):
                self.assertEqual(members, public(vars(found)), name)

    def test_explains_everything_in_it(self):
        for name in ampsim.__all__:
            thing = getattr(ampsim, name)
            self.assertTrue(inspect.getdoc(thing), name)
            self.assertEqual(thing.__module__.split(".")[0], "ampsim")
        self.assertIn("docs/guide/python.md", ampsim.__doc__)

    def test_imports_pandas_only_when_a_frame_is_asked_for(self):
        script = (
            "import sys, ampsim\n"
            "results = ampsim.run({'topology': {'generator': 'ring', 'nodes': 5},"
            " 'workload': {'payments': 2}})\n"
            "assert 'pandas' not in sys.modules\n"
            "results.runs\n"
            "assert 'pandas' in sys.modules\n"
        )
        subprocess.run([sys.executable, "-c", script], check=True)

    def test_names_its_types_as_users_find_them(self):
        self.assertEqual(repr(ampsim.InputError), "<class 'ampsim.InputError'>")
        self.assertTrue(issubclass(ampsim.InputError, ValueError))
        self.assertTrue(issubclass(ampsim.InvariantError, RuntimeError))


if __name__ == "__main__":
    unittest.main()
