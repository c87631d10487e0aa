#!/bin/sh
# What FluidSynth needs to render a MIDI file: CPU seconds, the loading of the font taken off.
#
#   benches/peers/fluidsynth.sh BAND.mid [FONT.sf2]
#
# To compare, let Sideman write the MIDI of a band and render the same notes with the same font:
#
#   sideman render medium-swing --performer TAKE.mid --soundfont FONT.sf2 --midi BAND.mid --wav BAND.wav --report R.json
#
# FluidSynth gets what Sideman has: one core, 48 kHz, 64 frames a block, reverb and no chorus, 96 voices a part.
# A file without notes is rendered as well, and what that costs is loading. Each figure is the least of five runs.
# Needs fluidsynth, and as the default font Debian's fluid-soundfont-gm.
set -eu

song=${1:?usage: fluidsynth.sh BAND.mid [FONT.sf2]}
font=${2:-/usr/share/sounds/sf2/FluidR3_GM.sf2}
[ -r "$song" ] || { echo "$song: no such file" >&2; exit 1; }
[ -r "$font" ] || { echo "$font: no such file" >&2; exit 1; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# A header (format 0, one track, 480 ticks a quarter) and a track that holds its own end.
printf 'MThd\0\0\0\6\0\0\0\1\1\340MTrk\0\0\0\4\0\377\57\0' >"$folder/empty.mid"

# CPU seconds, user and system, of one rendering: the least of five.
cost() {
  for _ in 1 2 3 4 5; do
    { LC_ALL=C bash -c 'TIMEFORMAT="%U %S"; time "$@" >"$0" 2>&1' "$folder/log" \
      fluidsynth -ni -q -r 48000 -z 64 -R 1 -C 0 -o synth.cpu-cores=1 -o synth.polyphony=384 \
      -T raw -O s16 -F "$folder/out.raw" "$font" "$1"; } 2>&1
  done | awk '{ cpu = $1 + $2; if (NR == 1 || cpu < least) least = cpu } END { print least }'
}

load=$(cost "$folder/empty.mid")
whole=$(cost "$song")
# 16 bits, two channels.
bytes=$(wc -c <"$folder/out.raw")
awk -v whole="$whole" -v load="$load" -v bytes="$bytes" 'BEGIN {
  net = whole - load; seconds = bytes / 4 / 48000
  printf "%.2f s of music: %.3f s CPU (whole %.3f, loading %.3f), %.2f %% of a core\n",
    seconds, net, whole, load, 100 * net / seconds
}'
