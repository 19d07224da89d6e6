"""Routers that are written in Python."""

import importlib.util
import os
import random
import signal
import subprocess
import sys
import traceback
import unittest

import pandas

import ampsim
from ampsim_program import SMALL, InFolder

NETWORK = {
    "topology": {"generator": "lightning", "nodes": 200},
    "workload": {"payments": 60, "amount": {"distribution": "constant", "mean_sat": 20_000}},
}


def fewest_channels(request, order=lambda channels: channels):
    """Breadth-first from the target, over channels that can carry the amount."""
    onward = {request.target: None}
    waiting = [request.target]
    for node in waiting:
        if node == request.source:
            break
        for channel in order(request.graph.channels_to(node)):
            if channel.source in onward or request.most_over(channel) < request.amount_msat:
                continue
            onward[channel.source] = channel
            waiting.append(channel.source)
    if request.source not in onward:
        return None
    path, node = [], request.source
    while node != request.target:
        path.append(onward[node])
        node = path[-1].target
    return path


def run_with(name, experiment=NETWORK, **arguments):
    return ampsim.run(experiment, overrides={"routing.algorithm": name}, **arguments)


class Functions(unittest.TestCase):
    def test_find_what_the_same_router_finds_in_cpp(self):
        # There is one path between two nodes of a line.
        ampsim.router("py_line")(fewest_channels)
        line = {
            "replicates": 3,
            "topology": {"generator": "line", "nodes": 8},
            "workload": {"payments": 200},
            "payment": {"scheme": "amp"},
        }
        ours, theirs = run_with("py_line", line), run_with("shortest", line)
        pandas.testing.assert_frame_equal(ours.payments, theirs.payments)
        self.assertGreater(ours.runs["success_rate"].mean(), 0.05)

    def test_are_choices_as_others_are(self):
        ampsim.resolve(SMALL)  # what is known then is not all that will be
        ampsim.router("py_choice", help="for a test")(fewest_channels)
        experiment = ampsim.resolve({"sweep": {"routing.algorithm": ["lnd", "py_choice"]}})
        self.assertEqual(experiment.run_count, 2)
        with self.assertRaisesRegex(ampsim.InputError, 'did you mean "py_choice"'):
            ampsim.resolve({"routing.algorithm": "py_chioce"})

    def test_are_given_anew_under_their_name(self):
        ampsim.router("py_anew")(lambda request: None)
        self.assertEqual(run_with("py_anew").runs["succeeded"][0], 0)
        ampsim.router("py_anew")(fewest_channels)
        self.assertGreater(run_with("py_anew").runs["succeeded"][0], 0)

    def test_may_know_of_no_route(self):
        ampsim.router("py_none")(lambda request: None)
        ampsim.router("py_empty")(lambda request: [])
        for name in ("py_none", "py_empty"):
            payments = run_with(name).payments
            self.assertEqual(set(payments["state"]), {"failed"})
            self.assertIn("no_route", set(payments["failure"]))

    def test_work_with_every_splitter_and_view(self):
        ampsim.router("py_split")(fewest_channels)
        experiment = {
            **NETWORK,
            "payment": {"scheme": "amp"},
            "workload": {"payments": 20, "amount.mean_sat": 400_000},
        }
        for splitter in ("none", "halving", "equal", "random"):
            for view in ("none", "apriori", "balances"):
                overrides = {
                    "routing.algorithm": "py_split",
                    "routing.splitter": splitter,
                    "routing.liquidity_view": view,
                }
                runs = ampsim.run(experiment, overrides=overrides, check=True).runs
                self.assertEqual(runs["partial_payments"][0], 0)

    def test_may_return_indices(self):
        @ampsim.router("py_indices")
        def indices(request):
            path = fewest_channels(request)
            return path and tuple(channel.index for channel in path)

        ampsim.router("py_objects")(fewest_channels)
        pandas.testing.assert_frame_equal(
            run_with("py_indices").payments, run_with("py_objects").payments
        )

    def test_divide_amounts_where_they_have_a_flow(self):
        seen = []

        @ampsim.router("py_flow", flow=True)
        def over_all(request):
            seen.append((request.is_flow, request.max_parts, request.min_part_msat))
            shares = [
                (index, min(available * 9 // 10, request.amount_msat // 2))
                for index, available in sorted(request.local.items())
            ]
            parts, left = [], request.amount_msat
            for index, share in shares[: request.max_parts]:
                channel = request.graph.channels[index]
                amount = min(share, left)
                if channel.target != request.target or amount <= 0:
                    continue
                parts.append(([channel], amount))
                left -= amount
            return parts if left == 0 else None

        experiment = {
            "topology": {"generator": "two_channels"},
            "workload.payments": 4,
            "workload.amount": {"distribution": "constant", "mean_sat": 2_000_000},
            "payment": {"scheme": "amp"},
            "record": {"parts": True},
        }
        results = run_with("py_flow", experiment)
        self.assertTrue(all(entry[0] for entry in seen))
        self.assertGreater(results.runs["parts_mean"][0], 1)
        self.assertIn('splitter = "auto"', results.experiment)

    def test_have_no_route_with_less_than_the_amount(self):
        @ampsim.router("py_less", flow=True)
        def less(request):
            channels = request.graph.channels_from(request.source)
            return [([channels[0]], request.amount_msat - 1)]

        experiment = {
            "topology": {"generator": "two_channels"},
            "workload.payments": 2,
            "workload.amount": {"distribution": "constant", "mean_sat": 1_000},
            "payment": {"scheme": "amp"},
        }
        results = run_with("py_less", experiment)
        self.assertEqual(list(results.runs["succeeded"]), [0])

    def test_raise_what_they_raise(self):
        class Odd(Exception):
            pass

        @ampsim.router("py_raises")
        def raises(request):
            raise Odd(f"with {request.amount_msat}")

        for jobs in (1, 2):
            try:
                run_with("py_raises", {**NETWORK, "replicates": 4}, jobs=jobs)
            except Odd as error:
                self.assertEqual(str(error), "with 20000000")
                names = [frame.name for frame in traceback.extract_tb(error.__traceback__)]
                self.assertIn("raises", names)
            else:
                self.fail("nothing was raised")

    def test_are_told_what_is_no_answer(self):
        def found(spoil):
            def function(request):
                path = fewest_channels(request)
                return path and spoil(path, request.amount_msat)

            return function

        cases = [
            (lambda request: 3, TypeError, "found 3; allowed: None, a list of channels"),
            (lambda request: "ab", TypeError, "found 'a'; allowed: a channel or the index"),
            (lambda request: [10**6], ValueError, "found channel 1000000; allowed: 2 . channel"),
            (lambda request: [-1], ValueError, "found channel -1; allowed"),
            (found(lambda path, _: path[:-1]), ValueError,
             "found a path to node [0-9]+; allowed: to node"),
            (found(lambda path, _: path[1:]), ValueError,
             "found a path whose channel [0-9]+ starts at node"),
            (found(lambda path, _: [(path, 1), (path, 1)]), ValueError,
             "found 2 parts; allowed: one here"),
            (found(lambda path, amount: [(path, 2 * amount)]), ValueError,
             "found a part of [0-9]+ msat behind parts of 0 together; allowed: from 1 to [0-9]+"),
            (found(lambda path, _: [(path, 0)]), ValueError, "found a part of 0 msat"),
            (found(lambda path, amount: [(path, amount), 3]), TypeError, "found 3 among parts"),
        ]
        for i, (function, kind, message) in enumerate(cases):
            with self.subTest(message=message):
                ampsim.router(f"py_wrong_{i}")(function)
                with self.assertRaisesRegex(kind, f'router "py_wrong_{i}": {message}'):
                    run_with(f"py_wrong_{i}")

    def test_are_registered_with_names_that_make_sense(self):
        cases = [
            ({"name": "lnd"}, "a router of ampsim itself"),
            ({"name": ""}, 'found ""; allowed: a name'),
            ({"name": "py_x", "splitter": "halfing"}, 'did you mean "halving"'),
            ({"name": "py_x", "liquidity_view": "x"}, "liquidity_view: found"),
        ]
        for arguments, message in cases:
            with self.assertRaisesRegex(ValueError, message):
                ampsim.router(**arguments)(fewest_channels)
        with self.assertRaises(TypeError):
            ampsim.router("py_x")(3)

    def test_are_not_registered_while_an_experiment_runs(self):
        @ampsim.router("py_inside")
        def inside(request):
            ampsim.router("py_late")(fewest_channels)

        with self.assertRaisesRegex(RuntimeError, "cannot be registered during an experiment"):
            run_with("py_inside")


class Objects(unittest.TestCase):
    def test_remember_within_a_run_only(self):
        made = []

        @ampsim.router("py_object")
        class Drawn:
            def __init__(self, graph):
                self.random = random.Random(graph.seed)
                made.append(graph.seed)

            def route(self, request):
                return fewest_channels(
                    request, lambda channels: self.random.sample(channels, len(channels))
                )

        experiment = {**NETWORK, "replicates": 6}
        one, two = (run_with("py_object", experiment, jobs=jobs) for jobs in (1, 2))
        self.assertEqual((one.folder / "payments.csv").read_bytes(),
                         (two.folder / "payments.csv").read_bytes())
        self.assertEqual(len(made), 12)
        self.assertEqual(len(set(made)), 6)
        self.assertGreater(one.runs["success_rate"].mean(), 0)

    def test_that_cannot_be_made_end_the_run(self):
        @ampsim.router("py_unmade")
        class Unmade:
            def __init__(self, graph):
                raise KeyError("no")

            def route(self, request):
                return None

        with self.assertRaises(KeyError):
            run_with("py_unmade")


class Requests(unittest.TestCase):
    def test_tell_what_a_sender_knows(self):
        count = 0

        @ampsim.router("py_looks")
        def looks(request):
            nonlocal count
            count += 1
            graph = request.graph
            self.assertEqual(len(graph.channels), 2 * graph.channel_count)
            self.assertEqual(graph.node_count, 200)
            own = {channel.index for channel in graph.channels_from(request.source)}
            self.assertEqual(own, set(request.local))
            for channel in graph.channels_to(request.target):
                self.assertEqual(channel.target, request.target)
                self.assertIs(graph.channels[channel.index], channel)
                self.assertEqual(channel.index // 2, channel.channel)
                self.assertEqual(graph.channels[channel.index ^ 1].target, channel.source)
                lower, upper = request.bounds(channel)
                self.assertLessEqual(0, lower)
                self.assertLessEqual(lower, upper)
                self.assertTrue(0 <= request.probability(channel) <= 1)
                likely = request.probability(channel)
                self.assertGreaterEqual(request.probability(channel, 1), likely)
            self.assertLessEqual(request.amount_msat, 20_000_000)
            self.assertEqual(request.total_msat, 20_000_000)
            self.assertGreater(request.fee_limit_msat, 0)
            self.assertEqual(request.cltv_limit_blocks, 2016)
            self.assertGreater(request.final_cltv_blocks, 0)
            self.assertFalse(request.is_flow)
            self.assertIsInstance(request.avoided, set)
            for channel, amount in request.used.items():
                self.assertNotIn(channel, own)
                self.assertGreater(amount, 0)
            for channel, amount, failure, at in request.failed:
                self.assertLess(channel, 2 * graph.channel_count)
                self.assertGreaterEqual(amount, request.amount_msat)
                self.assertIsInstance(failure, str)
                self.assertLessEqual(at, request.now_ms)
            path = fewest_channels(request)
            if path is not None:
                price = request.price(path)
                if price is None:
                    return None
                self.assertEqual(price["amount_msat"], request.amount_msat)
                self.assertEqual(price["sent_msat"], price["amount_msat"] + price["fee_msat"])
                self.assertLessEqual(price["cltv_blocks"], 2016)
                cheaper = request.price(path, request.amount_msat // 2)
                self.assertTrue(cheaper is None or cheaper["fee_msat"] <= price["fee_msat"])
            return path

        run_with("py_looks")
        self.assertGreater(count, 20)

    def test_are_over_when_they_are_answered(self):
        kept = []

        @ampsim.router("py_keeps")
        def keeps(request):
            kept.append((request, request.graph, request.graph.channels[0]))

        run_with("py_keeps")
        request, graph, channel = kept[0]
        for look in (lambda: request.amount_msat, lambda: request.local,
                     lambda: request.most_over(channel), lambda: request.price([channel])):
            with self.assertRaisesRegex(RuntimeError, "has been answered"):
                look()
        for look in (lambda: graph.node_count, lambda: graph.channels_to(0)):
            with self.assertRaisesRegex(RuntimeError, "is over"):
                look()
        self.assertGreater(channel.capacity_msat, 0)

    def test_refuse_nodes_that_are_not_there(self):
        @ampsim.router("py_far")
        def far(request):
            request.graph.channels_to(10**6)

        with self.assertRaisesRegex(IndexError, "found node 1000000; allowed: 0 to 199"):
            run_with("py_far")


ENDLESS = """
import ampsim

@ampsim.router("endless")
def endless(request):
    print("inside", flush=True)
    while True:
        pass

ampsim.run({"topology": {"generator": "ring", "nodes": 9}, "routing": {"algorithm": "endless"}})
"""


class Files(InFolder):
    def test_of_functions_are_inputs(self):
        def load(text):
            file = self.write("mine.py", text)
            spec = importlib.util.spec_from_file_location("mine", file)
            spec.loader.exec_module(importlib.util.module_from_spec(spec))
            return str(file)

        text = "import ampsim\n@ampsim.router('py_file')\ndef mine(request):\n    return None\n"
        file = load(text)
        out = self.folder / "out"
        results = run_with("py_file", out=out)
        self.assertEqual([each["file"] for each in results.manifest["inputs"]], [file])
        run_with("py_file", out=out)
        load(text + "# another\n")
        with self.assertRaisesRegex(ampsim.InputError, "of another content of .*mine.py"):
            run_with("py_file", out=out)

    def test_that_are_not_there_continue_nothing(self):
        scope = {"ampsim": ampsim}
        exec("@ampsim.router('py_text')\ndef text(request):\n    return None\n", scope)
        out = self.folder / "out"
        run_with("py_text", out=out)
        before = (out / "runs.csv").stat().st_mtime_ns
        with self.assertRaisesRegex(ampsim.InputError, "allowed: another folder, or restart=True"):
            run_with("py_text", out=out)
        self.assertEqual((out / "runs.csv").stat().st_mtime_ns, before)
        run_with("py_text", out=out, restart=True)
        self.assertNotEqual((out / "runs.csv").stat().st_mtime_ns, before)

    def test_an_endless_function_ends_with_ctrl_c(self):
        file = self.write("endless.py", ENDLESS)
        child = subprocess.Popen([sys.executable, str(file)], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True, env=os.environ)
        child.stdout.readline()
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=60)
        self.assertTrue(err.rstrip().endswith("KeyboardInterrupt"), err)


if __name__ == "__main__":
    unittest.main()
