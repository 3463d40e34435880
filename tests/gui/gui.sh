# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced behind sandbox.sh: a real Wireshark on a screen of its own (Xvfb), in the sandbox, as its
# user. What is on the screen is read with tesseract; waiting is always for something to be there.

GUI_WIDTH=1400 GUI_HEIGHT=900
GUI_TRIES=${GUI_TRIES:-240} # of half a second each: then it is given up
GUI_ENVIRONMENT=(env)

# gui_missing: the commands that this needs and that are not there; nothing when all are.
gui_missing() {
  local command
  for command in wireshark Xvfb openbox xdotool xdpyinfo xprop xwininfo import mogrify tesseract; do
    command -v "$command" > /dev/null || printf '%s ' "$command"
  done
}

# gui_profile FOLDER: gives Wireshark that profile, and settings without questions and news.
gui_profile() {
  mkdir -p "$SANDBOX/config/profiles"
  cp -r "$1" "$SANDBOX/config/profiles/"
  cat >> "$SANDBOX/config/profiles/$(basename "$1")/preferences" <<'END'
gui.update.enabled: FALSE
gui.ask_unsaved: FALSE
END
  cat > "$SANDBOX/config/recent_common" <<END
gui.geometry_main_x: 0
gui.geometry_main_y: 0
gui.geometry_main_width: $GUI_WIDTH
gui.geometry_main_height: $GUI_HEIGHT
gui.geometry_main_maximized: TRUE
END
  chmod -R a+rX "$SANDBOX"
  if [ "$(id -u)" -eq 0 ]; then chown -R 65534:65534 "$SANDBOX"; fi
}

gui_exec() { sandbox_exec env DISPLAY="$DISPLAY" QT_QPA_PLATFORM=xcb QT_LOGGING_RULES='*=false' "$@"; }

# gui_wait COMMAND...: until it succeeds; fails when it never does.
gui_wait() {
  local try
  for ((try = 0; try < GUI_TRIES; try++)); do
    "$@" && return 0
    sleep 0.5
  done
  return 1
}

# gui_screen: a screen and a window manager; the shell that calls it ends them.
gui_screen() {
  GUI_PIDS=()
  trap 'gui_end; rm -rf "$SANDBOX"' EXIT
  if [ "$(id -u)" -eq 0 ]; then mkdir -p -m 1777 /tmp/.X11-unix; fi
  sandbox_exec Xvfb -displayfd 1 -screen 0 "${GUI_WIDTH}x${GUI_HEIGHT}x24" -nolisten tcp \
    > "$SANDBOX/display" 2> /dev/null &
  GUI_PIDS+=($!)
  gui_wait test -s "$SANDBOX/display" || return 1
  export DISPLAY=:$(cat "$SANDBOX/display")
  gui_wait eval 'xdpyinfo > /dev/null 2>&1' || return 1
  gui_exec openbox > /dev/null 2>&1 &
  GUI_PIDS+=($!)
  gui_wait eval 'xprop -root _NET_SUPPORTING_WM_CHECK 2> /dev/null | grep -q "window id"'
}

gui_end() {
  local pid
  for pid in "${GUI_PIDS[@]}"; do kill "$pid" 2> /dev/null || true; done
  wait "${GUI_PIDS[@]}" 2> /dev/null || true
}

# gui_wireshark ARGUMENT...: starts it.
gui_wireshark() {
  gui_exec "${GUI_ENVIRONMENT[@]}" wireshark "$@" > "$SANDBOX/wireshark.log" 2>&1 &
  GUI_WIRESHARK=$!
  GUI_PIDS+=("$GUI_WIRESHARK")
}

gui_find_window() {
  GUI_WINDOW=$(xdotool search --onlyvisible --name "$1" 2> /dev/null | tail -n 1) &&
    [ -n "$GUI_WINDOW" ]
}

# gui_activate WINDOW: gives it the keyboard, and waits until it has it.
gui_activate() {
  xdotool windowactivate "$1" 2> /dev/null
  [ "$(xdotool getactivewindow 2> /dev/null)" = "$1" ]
}

# gui_window REGEX: waits for a window whose name fits, as $GUI_WINDOW; it gets the keyboard.
gui_window() { gui_wait gui_find_window "$1" && gui_wait gui_activate "$GUI_WINDOW"; }

# gui_box: where $GUI_WINDOW is, as WIDTHxHEIGHT+X+Y.
gui_box() {
  xwininfo -id "$GUI_WINDOW" | awk '/Absolute upper-left X/ {x = $NF} /Absolute upper-left Y/ {y = $NF}
    /Width:/ {width = $NF} /Height:/ {print width "x" $NF "+" x "+" y}'
}

gui_has_no_window() { ! gui_find_window "$1"; }

# gui_picture FILE [WIDTHxHEIGHT+X+Y]: what is on the screen.
gui_picture() { import -window root ${2:+-crop "$2"} +repage -strip "$1"; }

# Letters of a screen are too small for tesseract: three times larger it reads them, and black on
# white whatever the colours are.
GUI_SCALE=3
gui_enlarged() {
  import -window root ${1:+-crop "$1"} +repage "$SANDBOX/seen.png" &&
    mogrify -colorspace Gray -resize $((GUI_SCALE * 100))% -threshold 50% "$SANDBOX/seen.png" &&
    cat "$SANDBOX/seen.png"
}

# gui_text [WIDTHxHEIGHT+X+Y]: what can be read there.
gui_text() { gui_enlarged "${1:-}" | OMP_THREAD_LIMIT=1 tesseract --psm 6 - - 2> /dev/null; }

# gui_reads PATTERN [WIDTHxHEIGHT+X+Y]: whether that can be read; blanks are uncertain, and left out.
gui_reads() { gui_text "${2:-}" | tr -d ' \n' | grep -qE "$1"; }

# gui_colour COLOUR WIDTHxHEIGHT+X+Y: whether at least twenty pixels have it.
gui_colour() {
  [ "$(import -window root -crop "$2" +repage -depth 8 txt:- | grep -ciF "$1")" -ge 20 ]
}

# gui_find WORD WIDTHxHEIGHT+X+Y: where a word stands on the screen, as $GUI_X and $GUI_Y.
gui_find() {
  local place left=${2#*+} top=${2##*+}
  place=$(gui_enlarged "$2" | OMP_THREAD_LIMIT=1 tesseract --psm 11 - - tsv 2> /dev/null |
    WORD=$1 awk -F'\t' '$12 ~ ENVIRON["WORD"] {print $7 + int($9 / 2), $8 + int($10 / 2); exit}')
  [ -n "$place" ] || return 1
  GUI_X=$((${left%+*} + ${place% *} / GUI_SCALE)) GUI_Y=$((top + ${place#* } / GUI_SCALE))
}

# gui_click WORD WIDTHxHEIGHT+X+Y: clicks on the first such word, once it is there.
gui_click() { gui_wait gui_find "$1" "$2" && xdotool mousemove "$GUI_X" "$GUI_Y" click 1; }
