#!/usr/bin/env bash
# Slurm itself: munged, slurmctld and two slurmd of Debian's packages on this machine, as the user
# that calls this. An array of four tasks is submitted, one of them is killed in the middle and one is
# cancelled, what is missing is submitted again, and the merged tables are those of a local run, byte
# by byte.
#
#   tests/slurm_test.sh AMPSIM
#
# Everything lies in a folder of its own, and every daemon that was started is ended.
set -euo pipefail
ampsim=$1

for program in munged slurmctld slurmd sbatch squeue scancel; do
  PATH=$PATH:/usr/sbin:/sbin command -v "$program" >/dev/null && continue
  echo "skipped: no $program; it is in the packages slurmctld slurmd slurm-client munge"
  exit 77
done
PATH=$PATH:/usr/sbin:/sbin

# A socket's name is short. The space is to be survived.
place=$(mktemp -d /tmp/ampsim-slurm-XXXXXX)
mkdir "$place/run" "$place/state" "$place/spool" "$place/a place"
export SLURM_CONF=$place/slurm.conf

fail() {
  echo "FAILED: $*"
  tail -n 20 "$place"/*.log "$place/a place"/out/slurm/*.log 2>/dev/null || true
  exit 1
}

clean_up() {
  local status=$? file
  scancel --user="$(id -u)" >/dev/null 2>&1 || true
  for file in "$place"/run/*.pid; do
    [[ -s $file ]] && kill "$(<"$file")" 2>/dev/null || true
  done
  for file in "$place"/run/*.pid; do
    [[ -s $file ]] && wait_until_gone "$(<"$file")" || true
  done
  rm -rf "$place"
  exit "$status"
}
wait_until_gone() {
  local i
  for ((i = 0; i < 50; i++)); do
    kill -0 "$1" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL "$1" 2>/dev/null || true
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# wait_for SECONDS WHAT COMMAND...: until the command succeeds.
wait_for() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    ((SECONDS < end)) || fail "waited too long for $what"
    sleep 0.05
  done
}

# Ports that nobody has: another test may run at the same time.
is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
port=$((20000 + RANDOM % 10000))
until is_free "$port" && is_free $((port + 1)) && is_free $((port + 2)); do
  port=$((20000 + RANDOM % 10000))
done

user=$(id -un)
cat >"$SLURM_CONF" <<END
ClusterName=ampsim
SlurmctldHost=localhost(127.0.0.1)
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$place/run/munge.socket
CredType=cred/munge
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmctldPort=$port
StateSaveLocation=$place/state
SlurmdSpoolDir=$place/spool/%n
SlurmctldPidFile=$place/run/slurmctld.pid
SlurmdPidFile=$place/run/slurmd-%n.pid
SlurmctldLogFile=$place/slurmctld.log
SlurmdLogFile=$place/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerParameters=sched_interval=1,sched_min_interval=0,batch_sched_delay=0,bf_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
KillWait=5
NodeName=n1 NodeHostname=localhost NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=1 State=UNKNOWN
NodeName=n2 NodeHostname=localhost NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=1 State=UNKNOWN
PartitionName=local Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
(umask 077 && head -c 128 /dev/urandom >"$place/munge.key")
munged --force --key-file="$place/munge.key" --socket="$place/run/munge.socket" \
  --pid-file="$place/run/munged.pid" --log-file="$place/munged.log" \
  --seed-file="$place/munged.seed" --num-threads=1
slurmctld -f "$SLURM_CONF"
slurmd -f "$SLURM_CONF" -N n1
slurmd -f "$SLURM_CONF" -N n2
is_idle() { [[ $(sinfo -h -o '%D %t' 2>/dev/null) == '2 idle' ]]; }
wait_for 20 "Slurm" is_idle

cd "$place/a place"
cat >sweep.toml <<'END'
name = "sweep"
replicates = 20
[topology]
generator = "complete"
nodes = 12
[workload]
payments = 30000
[sweep]
"payment.scheme" = ["single", "mpp", "amp"]
"payment.max_parts" = [2, 4]
END
submit() { "$ampsim" submit sweep.toml --array 4 --out out --set seed=5; }
submit || fail "the first submission"
submit >meanwhile.txt
! grep -q '^job ' meanwhile.txt || fail "a task in the queue was submitted again"

# One task is killed in the middle of its work, when some of its runs are there and not all, and one
# is cancelled, as Slurm does it with those that it pre-empts.
array=$(sed -n 's/^array //p' out/slurm/jobs)
runs_of() { grep -a -c '^run ' "out/shards/$1-of-4/runs.journal" 2>/dev/null || true; }
has_begun() { [[ $(runs_of "$1") -ge 3 ]]; }
wait_for 60 "the third task" has_begun 3
scancel --full --signal=KILL "${array}_3"
wait_for 60 "the fourth task" has_begun 4
scancel "${array}_4"
queue_is_empty() { [[ -z $(squeue -h) ]]; }
wait_for 120 "the first array" queue_is_empty
for shard in 1 2 3 4; do
  is_finished=$([[ -e out/shards/$shard-of-4/manifest.json ]] && echo yes || echo no)
  [[ $is_finished == "$( ((shard < 3)) && echo yes || echo no)" ]] || fail "shard $shard"
done
[[ ! -e out/manifest.json ]] || fail "a result without two of the shards"
grep -q 'finished runs are kept' "out/slurm/${array}_4.log" || fail "the end of the fourth task"
grep -q 'runs are missing: .*3-of-4 is not finished; .*4-of-4 is' out/slurm/merge_*.log ||
  fail "the merge does not say what is missing"
kept="$(runs_of 3) and $(runs_of 4)"

submit | tee again.txt
grep -q '^of 4 shards 2 are finished, 0 in the queue' again.txt || fail "what is left"
grep -q ' has 2 tasks$' again.txt || fail "not two tasks were submitted again"
is_complete() { [[ -e out/manifest.json ]] && queue_is_empty; }
wait_for 120 "the second array" is_complete
submit | grep -q 'complete already' || fail "complete, and submitted again"

"$ampsim" run sweep.toml --set seed=5 --out whole --quiet
for table in experiment.toml runs.csv summary.csv payments.csv; do
  cmp "out/$table" "whole/$table" || fail "$table"
done
[[ ! -e out/shards ]] || fail "the shards are still there"
echo "the tasks had finished $kept of 30 runs; all tables are those of a local run"
