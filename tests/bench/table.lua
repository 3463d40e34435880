-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- What the table part of the plugin does, as a Lua post-dissector: what stands in the table about
-- the code of a SIP response, as fields. To be measured beside the plugin; codes.lua comes from
-- codes.jq.

local codes = dofile("codes.lua")
local status = Field.new("sip.Status-Code")
local luawhy = Proto("luawhy", "SIP Why, in Lua")
local fields = {
   code = ProtoField.uint16("luawhy.code", "Code"),
   phrase = ProtoField.string("luawhy.phrase", "Phrase"),
   severity = ProtoField.string("luawhy.severity", "Severity"),
   category = ProtoField.string("luawhy.category", "Category"),
   reference = ProtoField.string("luawhy.reference", "Reference"),
}
luawhy.fields = { fields.code, fields.phrase, fields.severity, fields.category, fields.reference }

function luawhy.dissector(buffer, packet, tree)
   for _, info in ipairs({ status() }) do
      local entry = codes[info.value]
      if entry then
         local item = tree:add(luawhy, buffer(), "SIP Why: " .. info.value .. " " .. entry.phrase)
         item:add(fields.code, info.value)
         item:add(fields.phrase, entry.phrase)
         item:add(fields.severity, entry.severity)
         item:add(fields.category, entry.category)
         item:add(fields.reference, entry.reference)
      end
   end
end

register_postdissector(luawhy)
