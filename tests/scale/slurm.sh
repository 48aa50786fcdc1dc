#!/bin/sh
# SPDX-License-Identifier: MIT
# Shards as a Slurm job array. munged, slurmctld and slurmd are started for this
# test, on loopback and on their own ports, and ended again. Needs root.
#
# usage: slurm.sh PROGRAM [BYTES]

. "$(dirname "$0")/common.sh"
if [ "$(id -u)" != 0 ]; then
    echo "not run: slurmd needs root"
    exit 77
fi
need munged munge
need slurmctld slurmctld
need slurmd slurmd
need sbatch slurm-client
PATH=$PATH:/usr/sbin
shards=8
node=$(hostname -s)
pids=

# Ends only what was started here.
stop()
{
    for pid in $pids; do
        kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap stop EXIT

chmod 755 "$work"
mkdir -m 700 "$work/key"
mkdir -m 755 "$work/munge" "$work/state" "$work/spool" "$work/out"
dd if=/dev/urandom of="$work/key/munge.key" bs=1024 count=1 2>/dev/null
chmod 400 "$work/key/munge.key"
munged --foreground --force --key-file="$work/key/munge.key" --socket="$work/munge/socket" \
    --pid-file="$work/munge/pid" --seed-file="$work/munge/seed" --num-threads=2 \
    >"$work/munge.log" 2>&1 &
pids="$pids $!"

cat >"$work/slurm.conf" <<EOF
ClusterName=scale
SlurmctldHost=$node(127.0.0.1)
SlurmctldPort=26817
SlurmdPort=26818
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CredType=cred/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SwitchType=switch/none
SchedulerParameters=batch_sched_delay=0,sched_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
NodeName=$node NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$node Default=YES State=UP OverSubscribe=NO
EOF
export SLURM_CONF="$work/slurm.conf"
slurmctld -D -c -f "$SLURM_CONF" >"$work/slurmctld.log" 2>&1 &
pids="$pids $!"
slurmd -D -f "$SLURM_CONF" >"$work/slurmd.log" 2>&1 &
pids="$pids $!"

tries=0
until [ "$(sinfo -h -o %T 2>/dev/null)" = idle ]; do
    tries=$((tries + 1))
    if [ $tries = 60 ]; then
        echo "slurm did not start"
        tail -n 20 "$work/slurmctld.log" "$work/slurmd.log" "$work/munge.log"
        exit 1
    fi
    sleep 0.5
done

cat >"$work/shards.sh" <<EOF
#!/bin/sh
#SBATCH --array=1-$shards
#SBATCH --cpus-per-task=1
#SBATCH --requeue
# One shard per task. The result gets its name only when it is complete.
out=$work/out/\$SLURM_ARRAY_TASK_ID
"$program" --jobs 1 --format json --shard \$SLURM_ARRAY_TASK_ID/$shards "$mailbox" >\$out.part && mv \$out.part \$out
EOF
# together: the results in the order of the shards.
together()
{
    for k in $(seq $shards); do
        cat "$work/out/$k"
    done
}

sbatch --wait --chdir="$work" --output="$work/slurm-%a.log" "$work/shards.sh"
together >"$work/slurm.json"
same "slurm, $shards tasks" "$work/slurm.json"

# Task 3 is killed while it runs (its first run waits for that), requeued, and
# has the same result.
rm -f "$work/out"/*
sed "s|^out=.*|&\nif [ \$SLURM_ARRAY_TASK_ID = 3 ] \&\& mkdir $work/ended 2>/dev/null; then echo half >\$out.part; sleep 600; fi|" \
    "$work/shards.sh" >"$work/killed.sh"
id=$(sbatch --parsable --chdir="$work" --output="$work/slurm-%a.log" "$work/killed.sh")
tries=0
until [ -e "$work/out/3.part" ] && [ -d "$work/ended" ]; do
    tries=$((tries + 1))
    [ $tries -lt 120 ] || { echo "task 3 did not start"; exit 1; }
    sleep 0.5
done
scontrol requeue "${id}_3"
tries=0
while [ ! -e "$work/out/3" ] || [ -n "$(squeue -h -j "$id" 2>/dev/null)" ]; do
    tries=$((tries + 1))
    # A requeued task is normally held back for a while; that is not needed here.
    scontrol update jobid="${id}_3" starttime=now >/dev/null 2>&1 || true
    [ $tries -lt 300 ] || { echo "task 3 did not run again"; squeue; exit 1; }
    sleep 0.5
done
together >"$work/again.json"
same "slurm, a task killed and run again" "$work/again.json"
