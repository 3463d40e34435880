#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run.sh PLUGIN PLUGIN_FOLDER PROFILE CAPTURES PICTURES: the plugin and the profile in a real
# Wireshark, as a person uses them: by keyboard and mouse, and judged by what is on the screen.
# Pictures of it are kept in the folder PICTURES. Exit status 77: this machine lacks what it needs.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../sandbox.sh"
source "$here/gui.sh"
plugin=$1 folder=$2 profile=$3 captures=$4 pictures=$5
missing=$(gui_missing)
if [ -n "$missing" ]; then
  echo "skipped: not installed: $missing(script/bootstrap gui installs them)"
  exit 77
fi
mkdir -p "$pictures"
rm -f "$pictures"/*.png

sandbox_create "$plugin" "$folder"
sandbox_add "$captures" captures
sandbox_require_plugin
gui_profile "$profile"
# In place of a browser, a note of what it would have opened.
mkdir "$SANDBOX/run/bin"
printf '#!/bin/sh\necho "$1" >> "%s"\n' "$SANDBOX/home/opened" > "$SANDBOX/run/bin/xdg-open"
chmod 755 "$SANDBOX/run/bin" "$SANDBOX/run/bin/xdg-open"
GUI_ENVIRONMENT=(env PATH="$SANDBOX/run/bin:$PATH")

count=0 step=start
fail() {
  gui_picture "$pictures/failed.png"
  echo "FAILED $step: $*"
  echo "on the screen ($pictures/failed.png):"
  gui_text | grep -v '^ *$' | head -n 60
  echo "Wireshark says:"
  cat "$SANDBOX/wireshark.log"
  exit 1
}
# see WHAT COMMAND...: waits until the command succeeds.
see() {
  local what=$1
  shift
  gui_wait "$@" || fail "$what"
}
done_with() { # done_with STEP: keeps a picture of it
  count=$((count + 1))
  gui_picture "$(printf '%s/%02d-%s.png' "$pictures" "$count" "$1")"
  echo "ok $1"
}

# The panes of the main window, as the geometry of gui.sh lays them out.
list=${GUI_WIDTH}x360+0+130
buttons=700x30+690+80
filter_text=640x30+22+80
details=${GUI_WIDTH}x370+0+495
status=700x22+700+876

menu() { # menu KEY: Telephony, SIP Why, the entry with that letter
  gui_wait gui_activate "$main" || fail "the main window does not get the keyboard"
  xdotool key alt+y h "$1"
}
goto() { # goto FRAME: in a capture whose packets are all in the list
  gui_wait gui_activate "$main" || fail "the main window does not get the keyboard"
  xdotool key ctrl+g
  see "the field of Go to Packet" gui_reads 'Packet:' "${GUI_WIDTH}x60+0+105"
  xdotool type "$1"
  xdotool key Return
  selects "$1"
}
selects() { see "frame $1 in the details" gui_reads "Frame$1:" "600x44+0+486"; }
answers() { # answers PATTERN: a window of the menu says that
  gui_window 'SIP Why$' || fail "there is no window with an answer"
  see "$1" gui_reads "$1" "$(gui_box)"
}
dialog() { # dialog TITLE: it is there; the keyboard is on its buttons, two steps from its field
  gui_window "$1\$" || fail "there is no dialog"
  xdotool key Tab Tab
}
close_answer() {
  gui_wait gui_activate "$GUI_WINDOW"
  xdotool key Escape
  see "the window closes" gui_has_no_window 'SIP Why$'
}
type_filter() { # type_filter FILTER
  gui_wait gui_activate "$main"
  xdotool key ctrl+slash ctrl+a
  xdotool type --delay 20 "$1"
  xdotool key Return
}

gui_screen || { echo "there is no screen"; exit 1; }

step="a response"
gui_wireshark -C "$(basename "$profile")" -r captures/call-no-codec.pcap -g 3
gui_window '^call-no-codec.pcap' || fail "Wireshark does not open the capture"
main=$GUI_WINDOW
see "the explanation" gui_reads 'SIPWhy:488NotAcceptableHere-nocodecincommon' "$details"
done_with response

step="its explanation, unfolded"
gui_click '^\[?SIP$|^\[SIP' "${GUI_WIDTH}x130+0+565" || fail "the item is not there to be clicked"
xdotool key End Right
see "causes and fixes" gui_reads 'Description:Thecallee.*Cause:.*Fix:' "$details"
see "what this trace shows" gui_reads 'Theaudiolineoftheofferinframe1lists' "$details"
done_with explanation

step="a colour rule"
# Row 3 is selected, and blue; rows of a failed call are pale red.
see "the colour of a failed call" gui_colour '#FDE4E1' "1400x16+0+133"
goto 1
see "the colour of what must be fixed" gui_colour '#FFC94D' "1400x50+0+133"
done_with colours

step="Explain a response code"
menu e
dialog 'SIP Why: explain'
xdotool type '488'
see "what was typed" gui_reads 'finding.?488' "$(gui_box)"
xdotool key Return
answers '488NotAcceptableHere.*Causes,likeliestfirst'
done_with explain
close_answer
menu e
dialog 'SIP Why: explain'
xdotool type 'nonsense, q850:128'
xdotool key Return
answers 'nonsense.isnocode;give.*128.isnoQ.850cause'
done_with nonsense
close_answer

step="Compare codes"
goto 3
menu c
dialog 'SIP Why: compare'
xdotool key End
xdotool type ' 606'
see "the code of the selected response, and another" gui_reads '488606' "$(gui_box)"
xdotool key Return
answers '488NotAcceptableHere/606NotAcceptable.*Whateachonesays'
done_with compare
close_answer

step="no capture"
gui_wait gui_activate "$main"
xdotool key ctrl+w
gui_window 'Wireshark' || fail "the capture does not close"
main=$GUI_WINDOW
menu n
answers 'Nocaptureisopen'
done_with no-capture
close_answer
gui_wait gui_activate "$main"
xdotool key ctrl+q
wait "$GUI_WIRESHARK" || fail "Wireshark ended with status $?"

step="a transfer that failed"
gui_wireshark -C "$(basename "$profile")" -r captures/transfer-failed.pcap -g 6
gui_window '^transfer-failed.pcap' || fail "Wireshark does not open the capture"
main=$GUI_WINDOW
selects 6
see "its finding" gui_reads 'SIPWhy:202Accepted-thetransferfailedwith486' "$details"

step="Next evidence frame"
menu n
selects 5
menu n
selects 12
menu n
selects 6
done_with evidence

step="What became of it"
menu w
selects 12
done_with decision

step="RFC of this response"
goto 10
menu r
see "the page of 486" grep -qsx 'https://www.rfc-editor.org/rfc/rfc3261#section-21.4.24' "$SANDBOX/home/opened"
echo "ok reference"

step="Show the whole call"
goto 6
menu s
see "the filter" gui_reads 'sip.Call-ID==.call.transfer-failed' "$filter_text"
see "its messages" gui_reads 'Displayed:10\(76.9%\)' "$status"
done_with call

step="a filter button"
gui_click '^Failed$' "$buttons" || fail "there is no button"
see "the messages of the failed call" gui_reads 'Displayed:3\(23.1%\)' "$status"
done_with button
gui_click '^Severity' "$buttons"
see "a menu of buttons" gui_reads 'Mustbefixed\(warn\)' "700x120+700+100"
done_with buttons
gui_click '^Must$' "700x120+700+100"
see "responses that must be fixed" gui_reads 'Displayed:1\(7.7%\)' "$status"

step="a filter that is typed"
type_filter 'sipwhy.code == 486'
see "the response" gui_reads 'Displayed:1\(7.7%\)' "$status"
see "its row" gui_reads '486.*failed.*BusyHere' "$list"
type_filter 'sipwhy.finding'
see "the messages with a finding" gui_reads 'Displayed:4\(30.8%\)' "$status"
done_with filter
xdotool key ctrl+slash ctrl+a BackSpace Return
see "all messages" gui_reads 'Displayed:13\(100.0%\)' "$status"

step="the capture is read again"
goto 12
gui_wait gui_activate "$main"
xdotool key ctrl+r
see "all messages" gui_reads 'Displayed:13\(100.0%\)' "$status"
goto 6
see "the finding" gui_reads 'SIPWhy:202Accepted-thetransferfailedwith486' "$details"
done_with reload

step="Statistics"
xdotool key alt+s Up Return
gui_window 'SIP Why · transfer-failed.pcap' || fail "there is no window with statistics"
see "counts by class and code" gui_reads '2xxSuccess4.*202Accepted1.*200OK3' "$(gui_box)"
done_with statistics
xdotool key Escape
see "the window closes" gui_has_no_window 'SIP Why · transfer-failed.pcap'

step="Expert Information"
gui_wait gui_activate "$main"
xdotool key alt+a Up Return
gui_window 'Expert Information' || fail "there is no window with expert information"
see "the finding" gui_reads 'TransferfailedResponseSIPWhy' "$(gui_box)"
done_with expert
xdotool key Escape
see "the window closes" gui_has_no_window 'Expert Information'

step="the end"
gui_wait gui_activate "$main"
xdotool key ctrl+q
wait "$GUI_WIRESHARK" || fail "Wireshark ended with status $?"
echo "pictures in $pictures"
