"""Networks as DataFrames."""

import io
import unittest

import pandas

import ampsim
from ampsim_program import InFolder, call


class Files(InFolder):
    def setUp(self):
        super().setUp()
        self.file = self.folder / "graph.json"
        code, _, err = call(
            "topology", "generate", "lightning", "--nodes", 150, "--to", "lnd", "--out", self.file
        )
        self.assertEqual(code, 0)
        self.assertIn("no place for the balances", err)

    def test_are_described_as_the_program_does(self):
        topology = ampsim.load_topology(self.file)
        _, out, _ = call("topology", "describe", self.file, "--format", "csv")
        theirs = pandas.read_csv(io.StringIO(out), index_col="property")["value"]
        pandas.testing.assert_series_equal(
            topology.describe(), theirs.astype(float), check_names=False, check_exact=True
        )
        self.assertIn("150 nodes", repr(topology))

    def test_are_the_network_that_the_program_generates(self):
        read = ampsim.load_topology(self.file, format="lnd")
        made = ampsim.network({"topology": {"generator": "lightning", "nodes": 150}})
        columns = [name for name in made.channels if name != "balance_source_msat"]
        pandas.testing.assert_frame_equal(
            read.channels[columns], made.channels[columns], check_dtype=False
        )
        pandas.testing.assert_series_equal(read.nodes["name"], made.nodes["name"])

    def test_lack_what_they_do_not_say(self):
        channels = ampsim.load_topology(self.file).channels
        self.assertTrue(channels["balance_source_msat"].isna().all())
        self.assertTrue((channels["capacity_msat"] > 0).all())
        self.assertEqual(str(channels["capacity_msat"].dtype), "int64")
        self.assertEqual(channels["source_is_disabled"].dtype, bool)

    def test_count_channels_of_nodes(self):
        topology = ampsim.load_topology(self.file)
        ends = pandas.concat([topology.channels["source"], topology.channels["destination"]])
        degrees = ends.value_counts()
        for _, node in topology.nodes.iterrows():
            self.assertEqual(node["channels"], degrees.get(node["name"], 0))

    def test_that_are_wrong_are_refused_in_one_line(self):
        with self.assertRaisesRegex(ampsim.InputError, "none.json"):
            ampsim.load_topology("none.json")
        broken = self.write("broken.json", '{"nodes": [')
        with self.assertRaises(ampsim.InputError) as caught:
            ampsim.load_topology(broken)
        self.assertNotIn("\n", str(caught.exception))


class Networks(unittest.TestCase):
    def test_are_those_of_their_run(self):
        experiment = {
            "replicates": 2,
            "topology": {"generator": "grid", "nodes": 9},
            "workload": {"payments": 1},
            "record": {"channels": True},
            "sweep": {"channels.balance.distribution": ["half", "bimodal"]},
        }
        results = ampsim.run(experiment)
        for run in range(4):
            ours = ampsim.network(experiment, run).channels
            theirs = results.channels[results.channels["run"] == run].reset_index(drop=True)
            self.assertEqual(list(ours["capacity_msat"]), list(theirs["capacity_msat"]))
            moved = (ours["balance_source_msat"] != theirs["balance_source_msat"]).sum()
            self.assertLess(moved, len(ours) / 2)
        with self.assertRaisesRegex(ampsim.InputError, "run: found 4; the experiment has 4 runs"):
            ampsim.network(experiment, 4)

    def test_keep_whole_numbers_where_some_are_missing(self):
        frame = ampsim._frames.frame_of_columns({"a": [2**60 + 1, None], "b": [None, None]})
        self.assertEqual(frame["a"][0], 2**60 + 1)
        self.assertTrue(pandas.isna(frame["a"][1]))
        self.assertTrue(frame["b"].isna().all())


if __name__ == "__main__":
    unittest.main()
