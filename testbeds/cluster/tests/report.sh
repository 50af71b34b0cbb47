# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Runs tests and writes what came of them as JUnit XML.

report_cases=""
report_tests=0
report_failures=0
report_running="" # the process of the test that is running

# xml_text: standard input as text of an XML document. Bytes that XML has no way to write are lost.
xml_text() { tr -cd '\11\12\15\40-\176' | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/"/\&quot;/g'; }

# seconds_between START END: values of EPOCHREALTIME, as a number with three decimals.
seconds_between() {
  local us=$((${2/[.,]/} - ${1/[.,]/}))
  printf '%d.%03d' $((us / 1000000)) $((us % 1000000 / 1000))
}

# run_test SECONDS NAME COMMAND...: COMMAND fails when the test does, with the reason as its last
# line. It is ended, with all it started, when its time is up.
run_test() {
  local limit=$1 name=$2 output status=0 started=$EPOCHREALTIME seconds
  shift 2
  output=$(mktemp)
  # In the background, since a shell that waits for a command in the foreground heeds no signal.
  timeout --kill-after=5 "$limit" "$@" >"$output" 2>&1 </dev/null &
  report_running=$!
  wait "$report_running" || status=$?
  report_running=""
  seconds=$(seconds_between "$started" "$EPOCHREALTIME")
  report_tests=$((report_tests + 1))
  report_cases+="  <testcase classname=\"cluster\" name=\"$name\" time=\"$seconds\">"
  if [ "$status" = 0 ]; then
    printf 'passed  %6s s  %s\n' "$seconds" "$name"
  else
    report_failures=$((report_failures + 1))
    [ "$status" != 124 ] || echo "stopped: it took longer than $limit s" >>"$output"
    printf 'FAILED  %6s s  %s\n' "$seconds" "$name"
    sed 's/^/        /' "$output"
    report_cases+=$'\n'"    <failure message=\"$(tail -n 1 "$output" | xml_text)\">$(xml_text <"$output")</failure>"$'\n  '
  fi
  report_cases+="</testcase>"$'\n'
  rm -f "$output"
  return "$status"
}

# failed_layer MESSAGE: one failure that stands for all that could not be tried.
failed_layer() {
  echo "cluster layer: $1" >&2
  report_tests=$((report_tests + 1))
  report_failures=$((report_failures + 1))
  report_cases+="  <testcase classname=\"cluster\" name=\"the layer\" time=\"0\">"
  report_cases+="<failure message=\"$(xml_text <<<"$1" | tr '\n' ' ')\"/></testcase>"$'\n'
}

# write_report FILE STARTED
write_report() {
  {
    echo '<?xml version="1.0" encoding="UTF-8"?>'
    printf '<testsuite name="cluster" tests="%d" failures="%d" errors="0" skipped="0" time="%s">\n' \
      "$report_tests" "$report_failures" "$(seconds_between "$2" "$EPOCHREALTIME")"
    printf '%s' "$report_cases"
    echo '</testsuite>'
  } >"$1.new"
  mv "$1.new" "$1"
}
