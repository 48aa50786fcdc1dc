# SPDX-License-Identifier: MIT
# Shared by the scripts of this folder. Expects PROGRAM in $1; makes a folder that
# is removed at the end, a mailbox in it, and the output of one process for that
# mailbox without shards, apart from index.
#
# Exit status 77 means: not run, because something is missing.

set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
program=$(readlink -f "${1:?usage: $0 PROGRAM [BYTES]}")
size=${2:-10M}
work=$(mktemp -d /tmp/bounce-scale.XXXXXX)
trap 'rm -rf "$work"' EXIT

# need COMMAND PACKAGE: installs it if this is Debian and we are allowed to.
need()
{
    PATH=$PATH:/usr/sbin command -v "$1" >/dev/null && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$2" >"$work/apt.log" 2>&1 && return
    fi
    echo "not run: $1 is missing (Debian package $2)"
    exit 77
}

# without_index: in a shard, the index of a message is not known.
without_index()
{
    sed 's/"index":[0-9]*,/"index":null,/'
}

# same NAME FILE: the file must be the output of one process.
same()
{
    if ! cmp "$work/whole.json" "$2"; then
        echo "$1: not the same as without shards"
        exit 1
    fi
    echo "$1: the same as without shards"
}

mailbox=$work/box.mbox
python3 "$here/mails.py" "$size" small >"$mailbox"
"$program" --jobs 1 --format json "$mailbox" | without_index >"$work/whole.json"
echo "$(wc -l <"$work/whole.json") mails, $(wc -c <"$mailbox") bytes"
