# What ./run, ./test and the benches share: is the machine fit, is the program published, and one child that is
# attended to until it has ended. Sourced, never run. The caller has set `root` and `command`.

# shellcheck disable=SC2154 # set by those who source this

set -euo pipefail
export LC_ALL=C.UTF-8 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

anywhere="\`dotnet run --project LiveMigration.Api\` starts anywhere, on a simulated cluster"

die() { echo "$command: $*" >&2; exit 1; }

require_dotnet() {
    local version
    command -v dotnet >/dev/null ||
        die "dotnet is missing; install the .NET 10 SDK (https://dot.net), then $anywhere and $command goes on from here"
    version=$(cd "$root" && dotnet --version 2>/dev/null) ||
        die "no .NET SDK here that global.json accepts (10.0.100 or later); install the .NET 10 SDK, then $anywhere"
    [[ $version == 10.* ]] || die "this is .NET SDK $version, and 10 is needed; with it $anywhere"
}

require_machine() {
    [[ $(uname -s) == Linux ]] || die "this is $(uname -s), and real hypervisors need Linux; $anywhere"
    [[ $(uname -m) == x86_64 ]] || die "this is $(uname -m), and the lab's guests need x86_64; $anywhere"
    [[ $EUID -eq 0 ]] || die "run it as root, since two hypervisors need namespaces and links; without root $anywhere"
    require_dotnet
}

# The sources' content decides, not their age: a checkout gives files new times.
sources() {
    cd "$root"
    {
        find LiveMigration.Api LiveMigration.Core LiveMigration.Hypervisor lab/LiveMigration.Lab bench/LiveMigration.Bench \
            \( -name bin -o -name obj \) -prune -o -type f -print0
        printf '%s\0' appsettings.json global.json Directory.Build.props Directory.Packages.props
    } | sort -z | xargs -0 sha256sum | sha256sum
}

# Publishes the controller and the bench, if their sources have changed since.
publish() {
    local artifacts=$root/artifacts stamp log project folder sum
    stamp=$artifacts/published
    log=$artifacts/publish.log
    sum=$(sources)
    [[ -f $stamp && $(<"$stamp") == "$sum" && -x $artifacts/livemigration/livemigration && -x $artifacts/bench/LiveMigration.Bench ]] &&
        return
    mkdir -p "$artifacts"
    exec 8>"$artifacts/publish.lock"
    flock 8
    [[ ! -f $stamp || $(<"$stamp") != "$sum" ]] || return 0 # another command did it meanwhile
    rm -f "$stamp"
    echo "$command: publishing the controller (some minutes, and only when its sources have changed) …" >&2
    for project in LiveMigration.Api:livemigration bench/LiveMigration.Bench:bench; do
        folder=$artifacts/${project#*:}
        rm -rf "$folder"
        (cd "$root" && dotnet publish "${project%:*}" -c Release -r linux-x64 -p:RunAnalyzers=false -o "$folder") </dev/null >"$log" 2>&1 || {
            grep -E 'error|warn' "$log" | sort -u | head -n 20 >&2 || tail -n 20 "$log" >&2
            die "it could not be published; the whole log is $log"
        }
    done
    echo "$sum" >"$stamp"
}

# Builds the simulation of a source tree, if that has changed.
build_simulation() { # TREE
    local log=$root/artifacts/simulation.log
    mkdir -p "$root/artifacts"
    dotnet build "$1/bench/LiveMigration.Simulation" -c Release -p:RunAnalyzers=false -v quiet --nologo </dev/null >"$log" 2>&1 || {
        grep -E 'error' "$log" | sort -u | head -n 20 >&2
        die "the simulation could not be built; the whole log is $log"
    }
}

# Runs a command and, told to stop meanwhile, tells it and waits until it has taken down what it put up.
attend() {
    local child status
    set -m # a process group of its own, so that all it started can be told
    "$@" </dev/null 9>&- &
    child=$!
    set +m
    trap 'stopped=yes; kill -TERM -- "-$child" 2>/dev/null || true' INT TERM HUP
    while :; do
        status=0
        wait "$child" || status=$?
        kill -0 "$child" 2>/dev/null || break
    done
    trap - INT TERM HUP
    [[ -z ${stopped:-} ]] || exit 130
    return "$status"
}

# A lab of this command's own; gone when the command is, however that came.
own_lab() { # NAME
    export LM_LAB=${LM_LAB:-$1}
    exec 9>"/run/livemigration-$LM_LAB.lock"
    flock -n 9 || die "lab '$LM_LAB' is at work for another command; wait for its end, or name another: LM_LAB=other $command"
    trap 'trap "" INT TERM HUP; "$root/lab/down" >/dev/null || true' EXIT
}
