#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "core/amp_lock.hpp"
#include "core/hex.hpp"
#include "core/invoice_lock.hpp"
#include "core/onion_record.hpp"
#include "core/sha256.hpp"
#include "core/shard_tracker.hpp"
#include "core/share.hpp"
#include "tests/amp_parts.hpp"
#include "tests/amp_printing.hpp"

// Independent test vectors of AMP, each cross-checked with OpenSSL by their makers. Where the file
// is absent every test says so and passes.

using namespace ampsim::amp;
using ampsim::Msat;
using ampsim::parse_hex;
using ampsim::sha256;
using ampsim::to_hex;
using ampsim::test::from_hex;
using ampsim::test::is_claim;
using ampsim::test::is_fail;
using ampsim::test::is_hold;
using nlohmann::json;

namespace {

/// Null, and a message, if there is no such file.
json vectors() {
  const std::string path = AMPSIM_SOURCE_DIR "/../shared/vectors/amp.json";
  std::ifstream file(path);
  if (!file) {
    MESSAGE("skipped: no vectors at " << path);
    return nullptr;
  }
  return json::parse(file);
}

template <class Bytes>
Bytes at(const json& object, const char* key) {
  return from_hex<Bytes>(object.at(key).get<std::string>());
}

std::vector<ShareAndIndex> shares_of(const json& children) {
  std::vector<ShareAndIndex> parts;
  for (const json& child : children) {
    parts.push_back({at<Share>(child, "share"), child.at("child_index").get<std::uint32_t>()});
  }
  return parts;
}

/// The HTLCs of a set; amounts and set id from `set`, the rest from `children`.
std::vector<ArrivedPart> arrivals(const json& set, const json& children) {
  std::vector<ArrivedPart> parts;
  const Msat total{set.at("total_msat").get<std::int64_t>()};
  for (const json& child : children) {
    const std::size_t i = parts.size();
    const std::int64_t amount = set.at("children").at(i).at("amount_msat").get<std::int64_t>();
    parts.push_back({{static_cast<std::uint32_t>(i)},
                     {amount},
                     at<PaymentHash>(child, "hash"),
                     {total, at<SetId>(set, "set_id"), at<Share>(child, "share"),
                      child.at("child_index").get<std::uint32_t>()}});
  }
  return parts;
}

const json& set_named(const json& file, const std::string& name) {
  for (const json& set : file.at("amp")) {
    if (set.at("name") == name) return set;
  }
  FAIL("no set " << name);
  return file;
}

}  // namespace

TEST_CASE("amp_vectors: every child of every set is derived, by the receiver from the parts") {
  const json file = vectors();
  if (file.is_null()) return;
  CHECK(file.at("amp").size() == 7);
  for (const json& set : file.at("amp")) {
    CAPTURE(set.at("name").get<std::string>());
    const json& children = set.at("children");
    CHECK(children.size() == set.at("n").get<std::size_t>());
    const auto parts = shares_of(children);
    const Share root = at<Share>(set, "root");
    CHECK(root_of(Derivation::lnd, parts) == root);
    const auto derived = reconstruct_children(Derivation::lnd, parts);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      CHECK(derived[i].preimage == at<Preimage>(children[i], "preimage"));
      CHECK(derived[i].hash == at<PaymentHash>(children[i], "hash"));
      CHECK(hash_of(derived[i].preimage) == derived[i].hash);
      const Child sent = derive_child(Derivation::lnd, root, parts[i].share, parts[i].index);
      CHECK(sent.hash == derived[i].hash);
    }
  }
}

TEST_CASE("amp_vectors: the records of every set, encoded and decoded") {
  const json file = vectors();
  if (file.is_null()) return;
  for (const json& set : file.at("amp")) {
    CAPTURE(set.at("name").get<std::string>());
    const std::string mpp_bytes = set.at("mpp_tlv8").get<std::string>();
    const MppRecord mpp{at<PaymentSecret>(set, "payment_secret"),
                        {set.at("total_msat").get<std::int64_t>()}};
    CHECK(to_hex(encode(mpp)) == mpp_bytes);
    const MppRecord mpp_read = std::get<MppRecord>(decode_mpp(parse_hex(mpp_bytes).value()));
    CHECK(mpp_read.total.count == mpp.total.count);
    CHECK(mpp_read.payment_secret == mpp.payment_secret);
    for (const json& child : set.at("children")) {
      const std::string amp_bytes = child.at("amp_tlv14").get<std::string>();
      const AmpRecord amp{at<Share>(child, "share"), at<SetId>(set, "set_id"),
                          child.at("child_index").get<std::uint32_t>()};
      CHECK(to_hex(encode(amp)) == amp_bytes);
      const AmpRecord amp_read = std::get<AmpRecord>(decode_amp(parse_hex(amp_bytes).value()));
      CHECK(amp_read.share == amp.share);
      CHECK(amp_read.set_id == amp.set_id);
      CHECK(amp_read.child_index == amp.child_index);
    }
  }
}

TEST_CASE("amp_vectors: a receiver holds each set until its last part, then claims all of it") {
  const json file = vectors();
  if (file.is_null()) return;
  for (const json& set : file.at("amp")) {
    CAPTURE(set.at("name").get<std::string>());
    const json& children = set.at("children");
    const auto parts = arrivals(set, children);
    AmpSet receiver(Derivation::lnd, Completion::ge);
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) CHECK(is_hold(receiver.arrive(parts[i])));
    const Decision decision = receiver.arrive(parts.back());
    REQUIRE(is_claim(decision));
    const auto& claimed = std::get<Claim>(decision).parts;
    REQUIRE(claimed.size() == parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      CHECK(claimed[i].attempt == parts[i].attempt);
      CHECK(claimed[i].preimage == at<Preimage>(children[i], "preimage"));
    }
  }
}

TEST_CASE("amp_vectors: an overpaid set is claimed by lnd's rule and failed by the draft's") {
  const json file = vectors();
  if (file.is_null()) return;
  const json& set = set_named(file, "n2-overpay");
  const auto parts = arrivals(set, set.at("children"));
  AmpSet lnd(Derivation::lnd, Completion::ge);
  AmpSet draft(Derivation::lnd, Completion::eq);
  CHECK(is_hold(lnd.arrive(parts[0])));
  CHECK(is_claim(lnd.arrive(parts[1])));
  CHECK(is_hold(draft.arrive(parts[0])));
  CHECK(is_fail(draft.arrive(parts[1]), SetFailure::overpaid));
}

TEST_CASE("amp_vectors: the sharer tree, step by step") {
  const json file = vectors();
  if (file.is_null()) return;
  const json& tree = file.at("sharer_tree");
  const Share root = at<Share>(tree, "root");
  ampsim::Rng unused(1, "amp_vectors_test");
  ShardTracker tracker(Derivation::lnd, SetId{{std::byte{1}}}, root, unused);
  std::vector<std::uint32_t> live;
  for (const json& step : tree.at("steps")) {
    const auto id = step.at("id").get<std::uint32_t>();
    CAPTURE(id);
    if (step.at("op") == "cancel_shard") {
      tracker.cancel({id});
      std::erase(live, id);
    } else {
      const bool last = step.at("last").get<bool>();
      ShardTracker::Draw draw{.index = step.at("child_index").get<std::uint32_t>()};
      if (!last) draw.left = at<Share>(step, "random_left");
      const Child child = tracker.new_shard({id}, last, draw);
      CHECK(child.share == at<Share>(step, "share"));
      CHECK(child.preimage == at<Preimage>(step, "preimage"));
      CHECK(child.hash == at<PaymentHash>(step, "hash"));
      live.push_back(id);
    }
    const Share current = tracker.sharer().current();
    CHECK(current == at<Share>(step, "current_share_after"));
    Share sum = current;
    for (const Share& share : tracker.live_shares()) sum = combine(Derivation::lnd, sum, share);
    CHECK(sum == root);
  }
  CHECK(live == tree.at("surviving_ids").get<std::vector<std::uint32_t>>());
  CHECK(tracker.live_shares().size() == live.size());
}

TEST_CASE("amp_vectors: the same share with another index has another hash") {
  const json file = vectors();
  if (file.is_null()) return;
  const json& refresh = file.at("index_refresh");
  const Share share = at<Share>(refresh, "share");
  ampsim::Rng unused(1, "amp_vectors_test");
  ShardTracker tracker(Derivation::lnd, SetId{{std::byte{1}}}, at<Share>(refresh, "root"), unused);
  std::uint32_t attempt = 0;
  for (const char* key : {"first", "retry"}) {
    const json& expected = refresh.at(key);
    const auto index = expected.at("child_index").get<std::uint32_t>();
    const Child child = tracker.new_shard({attempt}, false, {share, index});
    CHECK(child.preimage == at<Preimage>(expected, "preimage"));
    CHECK(child.hash == at<PaymentHash>(expected, "hash"));
    tracker.cancel({attempt++});
  }
}

TEST_CASE("amp_vectors: an altered set derives as expected, and is never claimed") {
  const json file = vectors();
  if (file.is_null()) return;
  const json& set = set_named(file, "n3");
  for (const json& negative : file.at("negative_from_n3")) {
    CAPTURE(negative.at("name").get<std::string>());
    CHECK(negative.at("expect") == "fail whole set");
    const json& offered = negative.at("offered");
    const auto parts = shares_of(offered);
    CHECK(root_of(Derivation::lnd, parts) == at<Share>(negative, "reconstructed_root"));
    const auto derived = reconstruct_children(Derivation::lnd, parts);
    for (std::size_t i = 0; i < derived.size(); ++i) {
      const json& hash = negative.at("derived_hashes").at(i);
      CHECK(derived[i].hash == from_hex<PaymentHash>(hash.get<std::string>()));
      const bool matches = derived[i].hash == at<PaymentHash>(offered[i], "hash");
      CHECK(matches == negative.at("matches").at(i).get<bool>());
    }

    // The receiver, made to believe that the amounts of what was offered are all there is.
    auto arrived = arrivals(set, offered);
    Msat total{0};
    for (const ArrivedPart& part : arrived) total += part.amount;
    AmpSet receiver(Derivation::lnd, Completion::ge);
    Decision decision = Hold{};
    for (ArrivedPart& part : arrived) {
      CHECK(is_hold(decision));
      part.payload.total = total;
      decision = receiver.arrive(part);
    }
    CHECK(is_fail(decision, SetFailure::reconstruction));
    CHECK(std::get<Fail>(decision).parts.size() == arrived.size());
  }
}

TEST_CASE("amp_vectors: the order of arrival changes nothing") {
  const json file = vectors();
  if (file.is_null()) return;
  const json& order = file.at("order_invariance_n3");
  const auto in_order = shares_of(set_named(file, "n3").at("children"));
  std::vector<ShareAndIndex> permuted;
  for (const json& i : order.at("permutation"))
    permuted.push_back(in_order.at(i.get<std::size_t>()));
  CHECK(root_of(Derivation::lnd, permuted) == at<Share>(order, "root"));
  const auto derived = reconstruct_children(Derivation::lnd, permuted);
  for (std::size_t i = 0; i < derived.size(); ++i) {
    const json& hash = order.at("derived_hashes").at(i);
    CHECK(derived[i].hash == from_hex<PaymentHash>(hash.get<std::string>()));
  }
}

TEST_CASE("amp_vectors: the derivation of 2018, its index in 32 bits") {
  const json file = vectors();
  if (file.is_null()) return;
  for (const json& example : file.at("og_amp_2018").at("cases")) {
    CAPTURE(example.at("name").get<std::string>());
    REQUIRE(example.at("i_encoding") == "be32");
    std::vector<ShareAndIndex> parts;
    for (const json& share : example.at("shares")) {
      parts.push_back({from_hex<Share>(share.get<std::string>()),
                       static_cast<std::uint32_t>(parts.size() + 1)});
    }
    CHECK(root_of(Derivation::og2018, parts) == at<Share>(example, "BP"));
    const auto derived = reconstruct_children(Derivation::og2018, parts);
    for (std::size_t i = 0; i < derived.size(); ++i) {
      const json& expected = example.at("parts").at(i);
      CHECK(expected.at("i").get<std::uint32_t>() == derived[i].index);
      CHECK(derived[i].preimage == at<Preimage>(expected, "r"));
      CHECK(derived[i].hash == at<PaymentHash>(expected, "h"));
    }
  }
}

TEST_CASE("amp_vectors: the worked example of integer shares") {
  const json file = vectors();
  if (file.is_null()) return;
  const json& toy = file.at("toy_sum");
  std::vector<ShareAndIndex> parts;
  for (const json& share : toy.at("shares")) {
    const std::string digits = std::to_string(share.get<std::uint64_t>());
    parts.push_back({parse_share(Derivation::toy, digits).value(),
                     static_cast<std::uint32_t>(parts.size() + 1)});
  }
  const std::string root = std::to_string(toy.at("BP").get<std::uint64_t>());
  CHECK(to_text(Derivation::toy, root_of(Derivation::toy, parts)) == root);
  const auto derived = reconstruct_children(Derivation::toy, parts);
  for (std::size_t i = 0; i < derived.size(); ++i) {
    const json& expected = toy.at("ascii").at("parts").at(i);
    CHECK(root + std::to_string(derived[i].index) == expected.at("msg").get<std::string>());
    CHECK(derived[i].preimage == at<Preimage>(expected, "r"));
    CHECK(derived[i].hash == at<PaymentHash>(expected, "h"));
  }
  // The other encoding is not ours; its hashes are checked all the same.
  for (const json& expected : toy.at("binary").at("parts")) {
    const auto message = parse_hex(expected.at("msg_hex").get<std::string>()).value();
    const Preimage preimage{sha256(message)};
    CHECK(preimage == at<Preimage>(expected, "r"));
    CHECK(hash_of(preimage) == at<PaymentHash>(expected, "h"));
  }
}

TEST_CASE("amp_vectors: shares of 256 bits added modulo 2^256") {
  const json file = vectors();
  if (file.is_null()) return;
  const json& additive = file.at("additive_mod_2_256");
  Share root;
  for (const json& share : additive.at("shares")) {
    root = combine(Derivation::toy, root, from_hex<Share>(share.get<std::string>()));
  }
  CHECK(root == at<Share>(additive, "BP"));
  for (const json& expected : additive.at("parts")) {
    // H(root || be32(i)): what og2018 derives from this root.
    const auto i = expected.at("i").get<std::uint32_t>();
    const Child child = derive_child(Derivation::og2018, root, Share{}, i);
    CHECK(child.preimage == at<Preimage>(expected, "r"));
    CHECK(child.hash == at<PaymentHash>(expected, "h"));
  }
}

TEST_CASE("amp_vectors: basic MPP and keysend") {
  const json file = vectors();
  if (file.is_null()) return;
  const json& mpp = file.at("basic_mpp");
  const Preimage preimage = at<Preimage>(mpp, "preimage");
  const Msat total{mpp.at("total_msat").get<std::int64_t>()};
  CHECK(hash_of(preimage) == at<PaymentHash>(mpp, "payment_hash"));
  CHECK(to_hex(encode(MppRecord{at<PaymentSecret>(mpp, "payment_secret"), total})) ==
        mpp.at("mpp_tlv8").get<std::string>());
  InvoiceSet receiver({total, preimage}, Completion::ge);
  CHECK(receiver.hash() == at<PaymentHash>(mpp, "payment_hash"));
  CHECK(is_hold(receiver.arrive({{0}, total - Msat{1}, receiver.hash(), {.total = total}})));
  CHECK(is_claim(receiver.arrive({{1}, {1}, receiver.hash(), {.total = total}})));

  const json& keysend = file.at("keysend");
  const std::string bytes = keysend.at("tlv").get<std::string>();
  CHECK(to_hex(encode(KeysendRecord{at<Preimage>(keysend, "preimage")})) == bytes);
  const auto read = std::get<KeysendRecord>(decode_keysend(parse_hex(bytes).value()));
  CHECK(hash_of(read.preimage) == at<PaymentHash>(keysend, "payment_hash"));
}

TEST_CASE("amp_vectors: multi-path keysend, the preimage the XOR of the parts' secrets") {
  const json file = vectors();
  if (file.is_null()) return;
  const json& keysend = file.at("multipath_keysend_xor");
  Share sum;
  for (const json& secret : keysend.at("part_secrets")) {
    sum = combine(Derivation::lnd, sum, from_hex<Share>(secret.get<std::string>()));
  }
  const Preimage preimage{sum.bytes};
  CHECK(preimage == at<Preimage>(keysend, "preimage"));
  CHECK(hash_of(preimage) == at<PaymentHash>(keysend, "payment_hash"));
}
