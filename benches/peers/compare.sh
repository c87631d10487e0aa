#!/usr/bin/env bash
# Sideman against FluidSynth: CPU seconds for the same notes with the same font, the loading of the font taken off.
#
#   benches/peers/compare.sh [RIG] [TAKE.mid] [FONT.sf2]
#
# A rig plays a take; the MIDI file of it, which names the programs, is then rendered by FluidSynth. Both get one core,
# 48 kHz, blocks of 64 frames, one reverb and no chorus. Sideman's figure holds more than that: the chord
# recogniser, the accompanist that writes the notes, a limiter, and a mixer with six strips of two channels.
# The two take turns, five times, because a machine is never the same for long; the ratio is taken of the least and of
# the medians. Needs fluidsynth, Debian's fluid-soundfont-gm as the default font, and `cargo build --release`.
set -euo pipefail
cd "$(dirname "$0")/../.."

rig=${1:-medium-swing}
take=${2:-presets/takes/first-take.mid}
font=${3:-/usr/share/sounds/sf2/FluidR3_GM.sf2}
sideman=${SIDEMAN:-target/release/sideman}
rounds=5

for needed in "$sideman" "$take" "$font"; do
    [ -r "$needed" ] || { echo "$needed: no such file" >&2; exit 1; }
done

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# A header (format 0, one track, 480 ticks a quarter) and a track that holds its own end.
printf 'MThd\0\0\0\6\0\0\0\1\1\340MTrk\0\0\0\4\0\377\57\0' >"$folder/empty.mid"

# CPU seconds, user and system, of a command.
cost() {
    local TIMEFORMAT="%U %S"
    { time "$@" >"$folder/log" 2>&1; } 2>&1 | awk '{ print $1 + $2 }'
}
ours() {
    cost "$sideman" render "$rig" --performer "$take" --soundfont "$font" \
        --wav "$folder/ours.wav" --midi "$folder/$1" "${@:2}"
}
theirs() {
    cost fluidsynth -ni -q -r 48000 -z 64 -R 1 -C 0 -o synth.cpu-cores=1 -o synth.polyphony=384 \
        -T raw -O s16 -F "$folder/theirs.raw" "$font" "$folder/$1"
}

for _ in $(seq $rounds); do
    our_load=$(ours none.mid --bars 0)
    our_whole=$(ours band.mid)
    speed=$(grep -o '[0-9]* times real time' "$folder/log" || true)
    their_load=$(theirs empty.mid)
    their_whole=$(theirs band.mid)
    echo "$our_whole $our_load $their_whole $their_load"
    echo "$rig: Sideman $our_whole s (loading $our_load; $speed), FluidSynth $their_whole s (loading $their_load)" >&2
done >"$folder/rounds"

# The least and the median of a net cost: column $1 without column $2.
net() {
    awk -v whole="$1" -v load="$2" '{ print $whole - $load }' "$folder/rounds" | sort -g |
        awk '{ value[NR] = $1 } END { print value[1], value[int((NR + 1) / 2)] }'
}
# Two channels of 16 bits.
seconds=$(($(wc -c <"$folder/theirs.raw") / 4 / 48000))
echo "$(net 1 2) $(net 3 4)" | awk -v rig="$rig" -v seconds="$seconds" '{
    printf "%s, about %d s of music: Sideman %.3f s CPU (median %.3f), FluidSynth %.3f (median %.3f)\n", rig, seconds, $1, $2, $3, $4
    printf "%s: ratio %.2f of the least, %.2f of the medians\n", rig, $1 / $3, $2 / $4
}'
