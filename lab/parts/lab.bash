# What every lab command shares: the lab's name and places, and the handful of questions and verbs about a host.
# Sourced, never run. After sourcing, call `open_lab` (any command) or `require_lab` (one that needs a lab that is up).

# shellcheck disable=SC2034 # used by those who source this

set -euo pipefail
export LC_ALL=C.UTF-8

lab_command="lab/${0##*/}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

die() { echo "$lab_command: $*" >&2; exit 1; }

# Names and places --------------------------------------------------------------------------------------------------

open_lab() {
    [[ $(uname -s) == Linux ]] || die "this is $(uname -s), and the lab needs Linux"
    [[ $EUID -eq 0 ]] || die "the lab makes namespaces and network links, and that needs root"
    lab=${LM_LAB:-lab}
    # An interface is named after the lab, and Linux gives such a name 15 characters.
    [[ $lab =~ ^[a-z][a-z0-9]{0,5}$ ]] || die "LM_LAB is '$lab'; it must match [a-z][a-z0-9]{0,5}"
    folder=${LM_LAB_DIR:-/var/tmp/livemigration-$lab}
    [[ $folder =~ ^/[A-Za-z0-9/._-]+$ && $folder != */ ]] ||
        die "LM_LAB_DIR is '$folder'; it must be an absolute path of plain characters"
    local hidden
    for hidden in /run /var/run /var/lib /root /etc /proc /sys /dev; do
        # A host sees its own folders at these places, so one that lies below them could not be bound.
        [[ $folder/ != "$hidden"/* ]] || die "LM_LAB_DIR must not lie below $hidden (a lab host has its own)"
    done
    switch=lm-$lab
    # What the hosts run in place of QEMU itself, at a place that every host sees. libvirt remembers what a QEMU can do
    # by the age of its file, so all labs share one.
    qemu=/var/cache/livemigration/qemu-$(sha256sum <"$here/parts/qemu" | cut -c1-12)
}

require_lab() {
    open_lab
    [[ -f $folder/lab.json ]] || die "lab '$lab' is not up (no $folder/lab.json); run lab/up"
    subnet=$(<"$folder/subnet")
}

# The switch tells which folder a lab belongs to, and a folder that is not empty must be a lab's.
require_ours() {
    local owner
    owner=$(ip link show dev "$switch" 2>/dev/null | sed -n 's/^ *alias livemigration //p' || true)
    [[ -z $owner || $owner == "$folder" || ! -e $owner/subnet ]] ||
        die "lab '$lab' lives in $owner; set LM_LAB_DIR to that, or LM_LAB to another name"
    [[ ! -e $folder || -e $folder/subnet || (-d $folder && -z $(ls -A "$folder")) ]] ||
        die "$folder is no lab's folder; it is left alone (choose another LM_LAB_DIR, or empty it)"
}

netns_of() { echo "lm-$lab-$1"; }
# The storage server, s, is a third machine: like a host in all but libvirt.
number_of() { case $1 in a) echo 11 ;; b) echo 12 ;; s) echo 13 ;; esac; }
name_of() { if [[ $1 == s ]]; then echo storage; else echo "host-$1"; fi; }
address_of() { echo "198.18.$subnet.$(number_of "$1")"; }

# Accepts `a` and `host-a` alike.
host_letter() {
    case "${1:-}" in
        a | host-a) echo a ;;
        b | host-b) echo b ;;
        *) die "'${1:-}' is not a host; say a or b" ;;
    esac
}

host_daemon() {
    case "${1:-}" in
        sshd | libvirtd) echo "$1" ;;
        *) die "'${1:-}' is not a daemon of a host; say libvirtd or sshd" ;;
    esac
}

# A stable UUID for a text (version 5 in form), so that nothing needs to be asked to know it.
uuid_of() {
    local sum
    sum=$(printf 'livemigration-lab/%s' "$1" | sha1sum)
    echo "${sum:0:8}-${sum:8:4}-5${sum:13:3}-8${sum:17:3}-${sum:20:12}"
}

# Locks -------------------------------------------------------------------------------------------------------------

# Held until the command ends: one up, down, start or kill of a lab at a time. The folder itself is the lock, so that
# none is left behind; a folder that `down` removed meanwhile is made anew.
lock_lab() {
    while :; do
        mkdir -p "$folder"
        exec 8<"$folder"
        flock -w 60 8 || die "another lab command has held $folder for a minute; see: fuser -v $folder"
        [[ $folder -ef /proc/self/fd/8 ]] && break
    done
}

# Processes ---------------------------------------------------------------------------------------------------------

# A process belongs to a host if the /run it sees is that host's: a tmpfs whose source is the host's name. That holds
# for whatever was started there, by whomever, and for nothing else, so it needs no file that a crash could spoil.
is_of_host() { # HOST PID
    grep -qsE " /run [^-]*- tmpfs $(netns_of "$1") " "/proc/$2/mountinfo"
}

host_pids() { # HOST
    grep -lsE " /run [^-]*- tmpfs $(netns_of "$1") " /proc/[0-9]*/mountinfo | cut -d/ -f3 || true
}

daemon_program() {
    case $1 in
        anchor) echo sleep ;;
        sshd) echo sshd ;;
        libvirtd) echo libvirtd ;;
        sharedfs) echo bindfs ;;
        tgtd) echo tgtd ;;
    esac
}

# Prints the pid if the daemon lives and is truly this host's; else fails.
daemon_pid() { # HOST anchor|sshd|libvirtd|sharedfs|tgtd
    local pid program
    pid=$(cat "$folder/$1/$2.pid" 2>/dev/null) && [[ -n $pid ]] || return 1
    program=$(readlink "/proc/$pid/exe" 2>/dev/null) || return 1
    program=${program% (deleted)} # the package was upgraded under the running daemon
    program=${program##*/}
    # A daemon that is just being started is still the shell that will become it.
    [[ $program == "$(daemon_program "$2")" || $program == bash || $program == tini || $program == busybox || $program == coreutils ]] ||
        return 1
    is_of_host "$1" "$pid" || return 1
    echo "$pid"
}

kill_daemon() { # HOST DAEMON [SIGNAL]
    local pid
    pid=$(daemon_pid "$1" "$2") || return 1
    kill "-${3:-KILL}" "$pid"
}

# Kills all that runs on a host, again and again until nothing is left (a process may be forking meanwhile).
kill_host() { # HOST
    local pids deadline=$((SECONDS + 10))
    while :; do
        pids=$({ host_pids "$1"; ip netns pids "$(netns_of "$1")" 2>/dev/null || true; } | sort -u)
        [[ -n $pids ]] || return 0
        ((SECONDS < deadline)) || { echo "$lab_command: host-$1 still runs ${pids//$'\n'/ }" >&2; return 1; }
        # shellcheck disable=SC2086 # a list of numbers
        kill -KILL $pids 2>/dev/null || true
        sleep 0.03
    done
}

# Runs a command on a host: in its network, its files and under its name.
on_host() { # HOST COMMAND...
    local host=$1 anchor
    shift
    anchor=$(daemon_pid "$host" anchor) || die "host-$host is not up; run lab/up"
    nsenter --target "$anchor" --mount --uts --net -- "$@"
}

# Starts a daemon on a host, in its own session, without our locks and with a plain environment.
# The pid is on file before the program runs, so that even a crash of ours in between loses nothing.
start_daemon() { # HOST DAEMON LOG COMMAND...
    local host=$1 daemon=$2 log=$3 anchor
    shift 3
    anchor=$(daemon_pid "$host" anchor) || die "host-$host is not up; run lab/up"
    rm -f "$folder/$host/$daemon.pid"
    # shellcheck disable=SC2016 # expanded by the inner shell
    setsid env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
        bash -c 'echo $$ >"$0"; exec nsenter --target "$1" --mount --uts --net -- "${@:2}"' \
        "$folder/$host/$daemon.pid" "$anchor" "$@" >>"$log" 2>&1 </dev/null 8<&- 9<&- &
    disown $!
    wait_until 5 test -s "$folder/$host/$daemon.pid"
}

start_sshd() { # HOST
    start_daemon "$1" sshd "$folder/$1/log/sshd.log" /usr/sbin/sshd -D -e
}

# Below a reaper that outlives it, as a real host has one: libvirt waits until the pid of an ended QEMU is gone, and
# whoever is pid 1 of this machine may take seconds to reap it (1.5 to 1.8 s for an orphan killed by hand).
start_libvirtd() { # HOST
    # shellcheck disable=SC2016 # expanded by the inner shells
    start_daemon "$1" libvirtd "$folder/$1/log/libvirtd.log" /usr/bin/tini -s -- /bin/bash -c \
        'bash -c '\''echo $$ >"$0"; exec /usr/sbin/libvirtd --timeout 0'\'' "$0" & exec sleep infinity' "$folder/$1/libvirtd.pid"
}

start_tgtd() {
    on_host s mkdir -p /run/tgtd
    start_daemon s tgtd "$folder/s/log/tgtd.log" /usr/sbin/tgtd -f
}

# Waiting -----------------------------------------------------------------------------------------------------------

# Tries a command every 50 ms until it succeeds.
wait_until() { # SECONDS COMMAND...
    local deadline=$((${EPOCHREALTIME/./} + $1 * 1000000))
    shift
    until "$@" >/dev/null 2>&1; do
        ((${EPOCHREALTIME/./} < deadline)) || return 1
        sleep 0.05
    done
}

not() { ! "$@"; }

# As wait_until, but gives up at once if the daemon dies.
wait_for_daemon() { # SECONDS HOST DAEMON
    wait_until "$1" answers_or_died "$2" "$3"
    "${3}_answers" "$2" >/dev/null 2>&1
}
answers_or_died() { # HOST DAEMON
    ! kill -0 "$(cat "$folder/$1/$2.pid")" || "${2}_answers" "$1"
}

sshd_answers() { # HOST
    local greeting
    exec 7<>"/dev/tcp/$(address_of "$1")/22" || return 1
    read -r -t 2 greeting <&7 || greeting=
    exec 7>&-
    [[ $greeting == SSH-* ]]
}

tgtd_answers() { # s
    timeout 5 nsenter --target "$(daemon_pid "$1" anchor)" --mount --uts --net -- \
        tgtadm --lld iscsi --op show --mode target
}

libvirtd_answers() { # HOST
    timeout 5 nsenter --target "$(daemon_pid "$1" anchor)" --mount --uts --net -- \
        virsh -q -c qemu:///system list
}
