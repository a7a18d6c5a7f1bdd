# The storage server's volumes: one target for each, with one unit, named after a guest. Sourced, never run.

volume_prefix=iqn.2026-11.dev.livemigration

target_of() { echo "$volume_prefix:$1"; }

tgtadm_at_storage() { # OPERATION MODE ARGUMENTS...
    on_host s tgtadm --lld iscsi --op "$1" --mode "$2" "${@:3}"
}

# Prints the number by which tgtadm knows the volume; nothing if there is none.
tid_of() { # NAME
    tgtadm_at_storage show target | sed -n "s/^Target \([0-9]*\): $(target_of "$1")\$/\1/p"
}

make_volume() { # NAME MIB
    local tid file=/var/lib/livemigration/local/$1.img
    [[ -z $(tid_of "$1") ]] || return 0
    on_host s truncate -s "$2M" "$file"
    tid=$(tgtadm_at_storage show target | sed -n 's/^Target \([0-9]*\): .*/\1/p' | sort -n | tail -n 1)
    tid=$((${tid:-0} + 1))
    tgtadm_at_storage new target --tid $tid --targetname "$(target_of "$1")"
    tgtadm_at_storage new logicalunit --tid $tid --lun 1 --backing-store "$file"
}

remove_volume() { # NAME
    local tid
    daemon_pid s tgtd >/dev/null || return 0
    tid=$(tid_of "$1")
    [[ -n $tid ]] || return 0
    tgtadm_at_storage delete target --force --tid "$tid"
    on_host s rm -f "/var/lib/livemigration/local/$1.img"
}

grant_volume() { # NAME ADDRESS
    tgtadm_at_storage bind target --tid "$(tid_of "$1")" --initiator-address "$2"
}

# Prints whom the volume lets in, a line each.
access_to_volume() { # NAME
    tgtadm_at_storage show target | of_target "$1" |
        awk '/^    ACL information:/ { on = 1; next } /^    [^ ]/ { on = 0 } on { print $1 }'
}

# Prints the address of everyone who has logged in, a line each.
sessions_of_volume() { # NAME
    tgtadm_at_storage show target | of_target "$1" | sed -n 's/^ *IP Address: //p'
}

of_target() { # NAME: the target's part of a listing
    awk -v name="$(target_of "$1")" '/^Target / { on = ($3 == name) } on'
}
