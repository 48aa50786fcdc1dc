#!/bin/sh
# SPDX-License-Identifier: MIT
# Shards under GNU parallel: as many at once as there are processors, results in
# order (-k), and again after some were killed.
#
# usage: parallel.sh PROGRAM [BYTES]

. "$(dirname "$0")/common.sh"
need parallel parallel
shards=8

# On more machines: --sshlogin host1,host2 (the mailbox on a file system that
# all of them see). ":" is this machine.
parallel --will-cite -k --sshlogin : \
    "$program" --jobs 1 --format json --shard {}/$shards "$mailbox" ::: $(seq $shards) >"$work/parallel.json"
same "parallel, $shards shards" "$work/parallel.json"

# A log of what ran; killed shards are run again with --resume-failed.
mkdir "$work/out"
cat >"$work/shard.sh" <<EOF
#!/bin/sh
# The first run of every second shard is killed in the middle of its output.
if [ \$((\$1 % 2)) = 0 ] && mkdir "$work/ended.\$1" 2>/dev/null; then
    "$program" --jobs 1 --format json --shard \$1/$shards "$mailbox" | head -c 5000 >"$work/out/\$1"
    kill -9 \$\$
fi
"$program" --jobs 1 --format json --shard \$1/$shards "$mailbox" >"$work/out/\$1"
EOF
chmod +x "$work/shard.sh"
if parallel --will-cite --joblog "$work/log" "$work/shard.sh" ::: $(seq $shards) 2>/dev/null; then
    echo "parallel: no shard was killed"
    exit 1
fi
parallel --will-cite --joblog "$work/log" --resume-failed "$work/shard.sh" ::: $(seq $shards)
for k in $(seq $shards); do
    cat "$work/out/$k"
done >"$work/again.json"
same "parallel, killed and run again" "$work/again.json"

# Shards in any order, sorted by offset.
for k in $(seq $shards | sort -r); do
    cat "$work/out/$k"
done | sed 's/.*"offset":\([0-9]*\),"length".*/\1 &/' | sort -n | cut -d' ' -f2- >"$work/sorted.json"
same "parallel, sorted by offset" "$work/sorted.json"
