"""ampsim.run: what comes out is what the program writes."""

import gc
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
import unittest
import warnings

import numpy
import pandas

import ampsim
from ampsim_program import PROGRAM, SMALL, InFolder, call

SMALL_TOML = """
replicates = 2
[topology]
generator = "complete"
nodes = 6
[workload]
payments = 30
[sweep]
"payment.scheme" = ["single", "amp"]
"""


class Tables(InFolder):
    def test_are_the_bytes_of_the_program(self):
        self.write("e.toml", SMALL_TOML)
        code, _, err = call("run", "e.toml", "--quiet", "--set", "name=small", cwd=self.folder)
        self.assertEqual((code, err), (0, ""))
        out = self.folder / "python"
        results = ampsim.run({**SMALL, "name": "small"}, out=out, jobs=2)
        self.assertEqual(results.tables, ["payments", "runs", "summary"])
        for name in ["payments.csv", "runs.csv", "summary.csv", "experiment.toml"]:
            ours, theirs = out / name, self.folder / "results/small" / name
            self.assertEqual(ours.read_bytes(), theirs.read_bytes(), name)
        self.assertEqual(results.experiment, (out / "experiment.toml").read_text())

    def test_are_frames_with_every_number_as_it_was(self):
        results = ampsim.run(SMALL)
        for name in results.tables:
            text = (results.folder / f"{name}.csv").read_text()
            frame = getattr(results, name)
            self.assertIsInstance(frame, pandas.DataFrame)
            lines = text.splitlines()
            self.assertEqual(list(frame.columns), lines[0].split(","))
            self.assertEqual(len(frame), len(lines) - 1)
            for column, cell in zip(frame.columns, lines[1].split(",")):
                value = frame[column][0]
                if pandas.isna(value):
                    self.assertEqual(cell, "")
                elif isinstance(value, str):
                    self.assertEqual(cell, value)
                else:
                    self.assertEqual(float(cell), value, column)
        self.assertIs(results.runs, results.runs)

    def test_do_not_depend_on_the_number_of_threads(self):
        one, two = (ampsim.run(SMALL, jobs=jobs) for jobs in (1, 2))
        for name in one.tables:
            self.assertEqual(
                (one.folder / f"{name}.csv").read_bytes(), (two.folder / f"{name}.csv").read_bytes()
            )

    def test_that_were_not_recorded_are_named(self):
        results = ampsim.run(SMALL)
        with self.assertRaisesRegex(AttributeError, "parts: no such table; there are payments"):
            results.parts
        with self.assertRaises(KeyError):
            results.table("parts")
        parts = ampsim.run({**SMALL, "record": {"parts": True}}).parts
        self.assertTrue(all(isinstance(route, str) for route in parts["route"]))

    def test_go_with_their_results_unless_they_have_a_folder(self):
        results = ampsim.run(SMALL)
        folder = results.folder
        self.assertTrue(folder.exists())
        del results
        gc.collect()
        self.assertFalse(folder.exists())
        kept = ampsim.run(SMALL, out=self.folder / "kept")
        frame = kept.runs
        del kept
        gc.collect()
        pandas.testing.assert_frame_equal(ampsim.Results(self.folder / "kept").runs, frame)

    def test_of_a_folder_without_results(self):
        with self.assertRaisesRegex(FileNotFoundError, "no complete results"):
            ampsim.Results(self.folder)

    def test_of_a_complete_folder_are_kept(self):
        out = self.folder / "out"
        ampsim.run(SMALL, out=out)
        before = (out / "runs.csv").stat().st_mtime_ns
        ampsim.run(SMALL, out=out)
        self.assertEqual((out / "runs.csv").stat().st_mtime_ns, before)
        ampsim.run(SMALL, out=out, restart=True)
        self.assertNotEqual((out / "runs.csv").stat().st_mtime_ns, before)
        with self.assertRaisesRegex(ampsim.InputError, "seed: the results are of another"):
            ampsim.run({**SMALL, "seed": 2}, out=out)
        code, _, err = call("run", out / "experiment.toml", "--out", out, "--quiet")
        self.assertEqual((code, err), (0, ""))

    def test_are_checked_event_by_event_without_a_difference(self):
        plain, checked = ampsim.run(SMALL), ampsim.run(SMALL, check=True)
        pandas.testing.assert_frame_equal(plain.payments, checked.payments)

    def test_become_a_page_as_the_program_makes_it(self):
        results = ampsim.run({**SMALL, "name": "small"}, out=self.folder / "out")
        page = results.report()
        self.assertEqual(page, self.folder / "out/report.html")
        code, _, err = call("report", self.folder / "out", "--out", self.folder / "theirs.html")
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(page.read_bytes(), (self.folder / "theirs.html").read_bytes())
        self.assertEqual(results.report(self.folder / "x.html").read_bytes(), page.read_bytes())

    def test_have_a_manifest(self):
        manifest = ampsim.run(SMALL, jobs=1).manifest
        self.assertEqual((manifest["runs"], manifest["jobs"]), (4, 1))
        self.assertEqual(manifest["version"], ampsim.__version__)


class Dicts(InFolder):
    def message(self, experiment, **arguments):
        with self.assertRaises(ValueError) as caught:
            ampsim.resolve(experiment, **arguments)
        self.assertIsInstance(caught.exception, ampsim.InputError)
        return str(caught.exception)

    def test_are_refused_with_the_words_of_the_program(self):
        cases = [
            ({"payment": {"scheme": "amq"}}, '[payment]\nscheme = "amq"'),
            ({"payment": {"scheme": 3}}, "[payment]\nscheme = 3"),
            ({"payment": {"max_parts": 0}}, "[payment]\nmax_parts = 0"),
            ({"payment": {"max_part": 1}}, "[payment]\nmax_part = 1"),
            ({"paymnt": {"x": 1}}, "[paymnt]\nx = 1"),
            ({"replicates": 1.5}, "\nreplicates = 1.5"),
            ({"replicates": True}, "\nreplicates = true"),
            ({"seed": [1, 2]}, "\nseed = [1, 2]"),
            ({"sweep": {"seed": [1, 2]}}, "[sweep]\nseed = [1, 2]"),
            ({"sweep": {"payment.scheme": []}}, '[sweep]\n"payment.scheme" = []'),
            ({"sweep": {"payment.scheme": ["a", "x"]}}, '[sweep]\n"payment.scheme" = ["a", "x"]'),
            ({"topology": {"generator": "ring", "width": 3}},
             '[topology]\ngenerator = "ring"\nwidth = 3'),
            ({"topology": {"file": "none.json"}}, '[topology]\nfile = "none.json"'),
        ]
        os.chdir(self.folder)
        self.addCleanup(os.chdir, "/")
        for experiment, text in cases:
            with self.subTest(text=text):
                self.write("e.toml", text + "\n")
                code, _, err = call("check", "e.toml", cwd=self.folder)
                self.assertEqual(code, 2)
                line = err.removeprefix("ampsim: e.toml:").removesuffix("\n")
                self.assertEqual(self.message(experiment), line.split(": ", 1)[1])

    def test_take_keys_nested_or_dotted(self):
        nested = ampsim.resolve({"workload": {"amount": {"mean_sat": 1000}}, "case": {"x": {}}})
        dotted = ampsim.resolve({"workload.amount.mean_sat": 1000, "case.x": {}})
        self.assertEqual(nested.resolved, dotted.resolved)
        message = self.message({"payment": {"scheme": "amp"}, "payment.scheme": "mpp"})
        self.assertEqual(message, "payment.scheme: found twice; allowed: once")

    def test_take_what_numpy_and_paths_are(self):
        self.write("n.csv", "source,destination,amount_msat,start_ms\n0,1,1000,0\n")
        experiment = ampsim.resolve(
            {
                "replicates": numpy.int64(2),
                "channels.reserve": numpy.float64(0.25),
                "record.parts": numpy.bool_(True),
                "workload.file": self.folder / "n.csv",
                "sweep": {
                    "payment.max_parts": numpy.arange(1, 4),
                    "topology.nodes": range(10, 12),
                    "payment.timeout_s": (30, 60.5),
                },
            }
        )
        self.assertEqual(experiment.run_count, 24)
        self.assertIn("reserve = 0.25", experiment.resolved)
        self.assertEqual(list(experiment.points["payment.max_parts"].unique()), [1, 2, 3])

    def test_list_or_sample_points_as_a_file_does(self):
        points = [{"payment.scheme": "amp", "payment.max_parts": 3}, {"payment.scheme": "mpp"}]
        cases = [
            ({"sweep": {"points": [{**each, "payment.max_parts": 3} for each in points]}},
             '[sweep]\npoints = [ { "payment.scheme" = "amp", "payment.max_parts" = 3 },'
             ' { "payment.scheme" = "mpp", "payment.max_parts" = 3 } ]'),
            ({"sweep": {"sampling": "random", "samples": 4,
                        "workload.rate_per_s": {"min": 1, "max": 100, "scale": "log"}}},
             '[sweep]\nsampling = "random"\nsamples = 4\n'
             '"workload.rate_per_s" = { min = 1, max = 100, scale = "log" }'),
        ]
        for experiment, text in cases:
            theirs = ampsim.resolve(self.write("experiment.toml", text + "\n"))
            self.assertEqual(ampsim.resolve(experiment).resolved, theirs.resolved)
        self.assertIn("sweep.points", self.message({"sweep": {"points": points}}))
        self.assertIn("sweep.points", self.message({"sweep": {"points": [1]}}))

    def test_do_not_take_what_no_setting_can_be(self):
        self.assertIn("seed: found None; allowed: an integer", self.message({"seed": None}))
        self.assertIn("seed: found {1}; allowed", self.message({"seed": {1}}))
        self.assertIn(f"found {2**64}; allowed", self.message({"seed": 2**64}))
        self.assertEqual(self.message({3: 1}), "found the key 3; allowed: text")
        self.assertEqual(
            self.message({"payment": {3: 1}}), "payment: found the key 3; allowed: text"
        )
        self.assertNotIn("\n", self.message({"seed": "a\nb"}))
        with self.assertRaises(TypeError):
            ampsim.run(3)

    def test_are_overridden_as_by_set(self):
        experiment = ampsim.resolve(SMALL, overrides={"payment.scheme": "mpp", "name": 2026})
        self.assertEqual((experiment.run_count, experiment.name), (2, "2026"))
        swept = ampsim.resolve(SMALL, overrides={"sweep.payment.scheme": ["mpp"], "seed": 7})
        self.assertEqual((swept.run_count, swept.seed), (2, 7))
        self.assertTrue(self.message(SMALL, overrides={"sed": 1}).startswith("--set: sed: unknown"))

    def test_can_be_a_file(self):
        file = self.write("some.toml", SMALL_TOML)
        self.assertEqual(ampsim.resolve(file).name, "some")
        self.assertEqual(ampsim.resolve(str(file), overrides={"replicates": 3}).run_count, 6)
        self.assertIn("some.toml:2: payment.scheme", self.message(self.write(
            "some.toml", '[payment]\nscheme = "amq"\n')))
        again = ampsim.run(ampsim.resolve(SMALL)).payments
        pandas.testing.assert_frame_equal(again, ampsim.run(SMALL).payments)

    def test_are_read_by_the_program_when_resolved(self):
        resolved = ampsim.resolve(SMALL).resolved
        code, out, _ = call("check", self.write("r.toml", resolved))
        self.assertEqual(code, 0)
        self.assertTrue(out.endswith(resolved))

    def test_warn_of_what_nothing_reads(self):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            ampsim.resolve({"channels": {"fee_base_msat": 5}})
        self.assertEqual(len(caught), 1)
        self.assertIn("channels.fee_base_msat: has no effect", str(caught[0].message))


LONG = {
    "replicates": 1000,
    "topology": {"generator": "lightning", "nodes": 300},
    "workload": {"payments": 500},
}


class Running(InFolder):
    def test_tells_how_far_it_is(self):
        calls = []
        ampsim.run(SMALL, progress=lambda *numbers: calls.append(numbers))
        self.assertEqual(calls[-1], (4, 4, 120))

    def test_ends_with_what_progress_raises(self):
        class Enough(Exception):
            pass

        def stop(*_):
            raise Enough("of it")

        with self.assertRaisesRegex(Enough, "of it"):
            ampsim.run(LONG, progress=stop, jobs=1)

    def test_lets_other_threads_go_on(self):
        count = 0
        over = False

        def work():
            nonlocal count
            while not over:
                count += 1
                time.sleep(0.001)

        thread = threading.Thread(target=work)
        thread.start()
        ampsim.run({**SMALL, "workload": {"payments": 20000}}, jobs=1)
        over = True
        thread.join()
        self.assertGreater(count, 5)

    def test_ends_in_order_with_ctrl_c_and_goes_on(self):
        script = (
            "import ampsim\n"
            f"experiment = {LONG!r}\n"
            "print('ready', flush=True)\n"
            "ampsim.run(experiment, out='out', jobs=1)\n"
        )
        child = subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        child.stdout.readline()
        journal = self.folder / "out/runs.journal"
        for _ in range(600):
            if journal.exists() and journal.stat().st_size > 100_000:
                break
            time.sleep(0.05)
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=60)
        self.assertTrue(err.rstrip().endswith("KeyboardInterrupt"), err)
        self.assertGreater(journal.stat().st_size, 100_000)

    def test_refuses_no_threads(self):
        with self.assertRaisesRegex(ampsim.InputError, "jobs: found 0; allowed"):
            ampsim.run(SMALL, jobs=0)

    def test_reports_a_folder_that_cannot_be_written(self):
        with self.assertRaisesRegex(ampsim.InputError, "/proc/none"):
            ampsim.run(SMALL, out=pathlib.Path("/proc/none/x"))


if __name__ == "__main__":
    unittest.main()
