#!/bin/sh
# The fleets of the benchmark, by the generator: generate.sh FILIERA DIR [small|big|year]
#
#   small  2,000 vehicles × 50, for comparing results
#   big    325,000 vehicles × 300: 97.5 million rows
#   year   1,300,000 vehicles × 300: 390 million rows, a national year
set -eu
filiera=$1 dir=$2
case ${3:-big} in
small) exec "$filiera" synth "$dir" --vehicles 2000 --lines 50 --lots 4000 --seed 7 ;;
big) exec "$filiera" synth "$dir" --vehicles 325000 --lines 300 --lots 200000 --seed 7 ;;
year) exec "$filiera" synth "$dir" --vehicles 1300000 --lines 300 --lots 800000 --seed 7 ;;
*) echo "small, big or year" >&2 && exit 2 ;;
esac
