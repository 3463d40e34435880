#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# workflows.sh MARKDOWN CAPTURES SIPWHY PLUGIN PLUGIN_FOLDER SCHEMAS: the examples for GitHub Actions,
# GitLab and Jenkins in MARKDOWN work. Their YAML is YAML; their policy is a policy; their shell
# steps run here in order, in a world of their own, once with tests whose calls are fine and once
# with ones that fail. Left out: the steps that install. Stood in for: dumpcap, which may not
# capture here, and the tests (make). Exits 77 when there is no example in MARKDOWN.
set -u
markdown=$1 captures=$2 sipwhy=$3 plugin=$4 folder=$5 schemas=$6
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../sandbox.sh"
grep -q '^```groovy$' "$markdown" || { echo "skipped: no workflow in $(basename "$markdown")"; exit 77; }
sandbox_create "$plugin" "$folder"
sandbox_add "$schemas" schemas
install -D -m 755 "$sipwhy" "$SANDBOX/run/bin/sipwhy"

# Writes what the capture of the "tests" holds, and waits to be stopped; like the real one it is
# stopped by SIGINT, which a shell passes on to no background job.
cat > "$SANDBOX/run/bin/dumpcap" <<'SH'
#!/usr/bin/env python3
import shutil, signal, sys
shutil.copy("../tests.pcap", sys.argv[sys.argv.index("-w") + 1])
signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
signal.pause()
SH
printf '#!/bin/sh\n[ "$*" = test ]\n' > "$SANDBOX/run/bin/make"
chmod 755 "$SANDBOX/run/bin/"*

# NAME.sh for each example: its steps, as the system runs them, and what follows a step that failed.
/usr/bin/python3 - "$markdown" "$SANDBOX/run" <<'PYTHON' || exit 1
import re, sys, yaml

text = open(sys.argv[1], encoding="utf-8").read()
folder = sys.argv[2]
installs = ("script/install", "apt-get")

def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.S | re.M)

def write(name, steps):
    with open(f"{folder}/{name}.sh", "w") as script:
        script.write("status=0\n")
        for number, (shell, step) in enumerate(s for s in steps if not any(i in s[1] for i in installs)):
            with open(f"{folder}/{name}-{number}", "w") as file:
                file.write(step)
            script.write(f"{shell} ../{name}-{number} || status=$?\n")
        script.write("exit $status\n")

with open(f"{folder}/sipwhy.policy", "w") as policy:
    policy.write(blocks("ini")[0])
for block in map(yaml.safe_load, blocks("yaml")):
    if "jobs" in block:
        job = block["jobs"]["sip"]
        assert block["permissions"]["security-events"] == "write"
        assert any("upload-sarif" in step.get("uses", "") for step in job["steps"])
        write("github", [("bash --noprofile --norc -eo pipefail", s["run"]) for s in job["steps"] if "run" in s])
    else:
        job = block["sip"]
        assert job["artifacts"]["reports"]["junit"] == "sipwhy.xml"
        write("gitlab", [("bash -eo pipefail", "\n".join(job["script"]))])
groovy, = blocks("groovy")
assert groovy.count("{") == groovy.count("}")
write("jenkins", [("sh -xe", step) for step in re.findall(r"sh '''\n(.*?)'''", groovy, re.S)])
PYTHON
# The captures here have one call each, and this test outlives the day.
sed -i 's/^calls-least=.*/calls-least=1/; s/^until=.*/until=2999-12-31/' "$SANDBOX/run/sipwhy.policy"
chmod -R a+rX "$SANDBOX/run"
sandbox_require_plugin

failed=0 count=0
for name in github gitlab jenkins; do
  for case in call-answered:0 call-no-codec:0 call-busy:1 call-not-found:1 not-sip:3; do
    count=$((count + 1))
    cp "$captures/${case%:*}.pcap" "$SANDBOX/run/tests.pcap" && chmod a+r "$SANDBOX/run/tests.pcap"
    sandbox_run bash -c 'rm -rf work && mkdir work && cp sipwhy.policy work/'
    sandbox_run PATH="$SANDBOX/run/bin:$PATH" bash -c "cd work && timeout 120 bash ../$name.sh" \
      > "$SANDBOX/out" 2>&1
    status=$?
    [ "$status" -eq "${case#*:}" ] && sandbox_run schemas/validate.sh work/sipwhy.xml work/sipwhy.sarif &&
      { [ $name != github ] || [ "$status" -eq 0 ] || grep -q '^::error ' "$SANDBOX/out"; } ||
      { echo "FAILED $name, $case: $status"; tail -5 "$SANDBOX/out"; failed=$((failed + 1)); }
  done
done
echo "$count runs, $failed failed"
[ "$failed" -eq 0 ]
