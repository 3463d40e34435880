# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced by tests: a world of its own for tshark.
#
# As root, tshark loads plugins from the global folder only; so the tests run it as an unprivileged
# user, with a private HOME whose personal plugin folder holds the plugin under test, a private
# configuration, and copies of the captures that this user can read.

# sandbox_create PLUGIN PLUGIN_FOLDER: makes $SANDBOX. PLUGIN_FOLDER is like 4.0/epan.
sandbox_create() {
  SANDBOX=$(mktemp -d "${TMPDIR:-/tmp}/sipwhy-test.XXXXXX") || exit 3
  trap 'rm -rf "$SANDBOX"' EXIT
  mkdir -p "$SANDBOX/home/.local/lib/wireshark/plugins/$2" "$SANDBOX/config" "$SANDBOX/run"
  cp "$1" "$SANDBOX/home/.local/lib/wireshark/plugins/$2/" || exit 3
  chmod -R a+rX "$SANDBOX"
  if [ "$(id -u)" -eq 0 ]; then
    chown -R 65534:65534 "$SANDBOX"
    SANDBOX_USER=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  else
    SANDBOX_USER=()
  fi
}

# sandbox_add FOLDER NAME: a copy of FOLDER as $SANDBOX/run/NAME.
sandbox_add() {
  cp -rL "$1" "$SANDBOX/run/$2" && chmod -R u+w,a+rX "$SANDBOX/run/$2"
  if [ "$(id -u)" -eq 0 ]; then chown -R 65534:65534 "$SANDBOX/run/$2"; fi
}

# sandbox_exec COMMAND...: becomes it, in $SANDBOX/run, as that user, with nothing inherited but PATH.
# (In the background, $! is then the command itself.)
sandbox_exec() {
  cd "$SANDBOX/run" && exec "${SANDBOX_USER[@]}" env -i \
    PATH="$PATH" SHELL=/bin/sh HOME="$SANDBOX/home" WIRESHARK_CONFIG_DIR="$SANDBOX/config" \
    XDG_RUNTIME_DIR="$SANDBOX/home" LC_ALL="${SANDBOX_LOCALE:-C.UTF-8}" TZ=UTC "$@"
}

# sandbox_run COMMAND...: runs it like that.
sandbox_run() { (sandbox_exec "$@"); }

# sandbox_require_plugin: a plugin that is not loaded would make every check pass.
sandbox_require_plugin() {
  if ! sandbox_run tshark -G plugins 2>&1 | grep -q '^sipwhy\.so[[:space:]]'; then
    echo "the plugin is not loaded:"
    sandbox_run tshark -G plugins 2>&1 | grep -i sipwhy
    exit 1
  fi
}
