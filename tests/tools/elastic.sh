#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# elastic.sh PLUGIN PLUGIN_FOLDER SOURCE: what tshark -T ek says of all captures fits the mapping of
# the README. Elasticsearch itself would take these documents; it is not asked here.
set -u
source "$(dirname "${BASH_SOURCE[0]}")/world.sh"

# The lines of the README that begin like this, run as they are.
from_readme() {
  sandbox_run bash -o pipefail -c "$(sed -n "s/^\\\$ \($1.*\)/\1/p" "$3" | sed "s#-r [^ ]*#-r $2#")"
}
from_readme 'tshark -G elastic-mapping' - "$3/README.md" > "$SANDBOX/run/mapping.json" || exit 1
from_readme 'tshark -2 .*-T ek' all.pcap "$3/README.md" > "$SANDBOX/run/bulk.jsonl" || exit 1

# Actions and documents in turn; no type in an action.
jq -r 'keys_unsorted | join(" ")' "$SANDBOX/run/bulk.jsonl" | sort | uniq -c | awk '{$1 = $1} 1' > "$SANDBOX/run/one"
packets=$(sandbox_run tshark -2 -r all.pcap -Y sipwhy | wc -l)
printf '%s\n' "$packets index" "$packets timestamp layers" > "$SANDBOX/run/other"
same "an action and a document for each packet"
jq -c 'select(.index).index | keys' "$SANDBOX/run/bulk.jsonl" | sort -u > "$SANDBOX/run/one"
echo '["_index"]' > "$SANDBOX/run/other"
same "actions"

# Each value of a mapped field fits its type. What has no mapping is a text, or what stands below
# an expert item. 4.6 says date_nanos where it said date.
cat > "$SANDBOX/run/fits.jq" <<'EOF_JQ'
def whole($bits): tostring | test("^-?[0-9]+$") and (tonumber | fabs < pow(2; $bits - 1));
def fits($kind):
  if $kind == "short" then whole(16) elif $kind == "integer" then whole(32) elif $kind == "long" then whole(64)
  elif $kind == "float" then tostring | test("^-?[0-9]+([.][0-9]+)?$")
  elif $kind == "boolean" then type == "boolean"
  elif $kind == "date" then tostring | test("^[0-9]{13}$|^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$")
  elif $kind == "ip" then test("^[0-9.]+$") or test("^[0-9a-f:.]+$")
  else type == "string" end;
def list: if type == "array" then .[] else . end;
$mapping[0].mappings.properties.layers.properties as $layers
| select(.layers).layers | to_entries[] | .key as $layer | select($layers[$layer])
| .value | list | to_entries[] | ($layers[$layer].properties[.key].type | if . == "date_nanos" then "date" else . end) as $type
| if $type then .key as $key | .value | list | "\(if fits($type) then "fits" else "does not fit" end) \($type) \($key)"
  elif $layer != "sipwhy" or .key == "_ws_expert" then empty
  else .key as $key | .value | list | "\(if fits("text") then "fits" else "does not fit" end) text \($key)" end
EOF_JQ
jq -r --slurpfile mapping "$SANDBOX/run/mapping.json" -f "$SANDBOX/run/fits.jq" "$SANDBOX/run/bulk.jsonl" |
  sort -u > "$SANDBOX/run/values"
cp "$SANDBOX/run/values" "$SANDBOX/run/one"
grep '^fits' "$SANDBOX/run/values" > "$SANDBOX/run/other"
same "values and their types"

# All fields of ours that the captures have are there, each with the type that Wireshark says.
sandbox_run tshark -G fields 2> /dev/null | awk -F '\t' '$1 == "F" && $3 ~ /^sipwhy\./ {
  type = $4
  sub(/^FT_UINT8$/, "short", type); sub(/^FT_UINT16$/, "integer", type); sub(/^FT_FRAMENUM$/, "long", type)
  sub(/^FT_BOOLEAN$/, "boolean", type); sub(/^FT_STRINGZ?$/, "text", type)
  sub(/^FT_ABSOLUTE_TIME$/, "date", type); sub(/^FT_RELATIVE_TIME$/, "float", type)
  gsub(/\./, "_", $3); print type, "sipwhy_" $3}' | grep -v '^FT_NONE ' | sort > "$SANDBOX/run/fields"
sed -n 's/^fits \(.* sipwhy_\)/\1/p' "$SANDBOX/run/values" | sort > "$SANDBOX/run/one"
comm -12 "$SANDBOX/run/one" "$SANDBOX/run/fields" > "$SANDBOX/run/other"
same "fields and their types"
echo "fields that no capture has: $(comm -13 "$SANDBOX/run/one" "$SANDBOX/run/fields" | tr '\n' ' ')"
finish
