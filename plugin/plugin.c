/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The symbols that Wireshark looks for in a plugin.
 */
#include "ws_compat.h"

#include <epan/packet.h>
#include <ws_symbol_export.h>

#include "packet-sipwhy.h"

WS_DLL_PUBLIC_DEF const gchar plugin_version[] = SIPWHY_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

WS_DLL_PUBLIC void plugin_register(void);

void plugin_register(void)
{
    static proto_plugin plugin;

    plugin.register_protoinfo = sipwhy_register_protocol;
    plugin.register_handoff = sipwhy_register_handoff;
    proto_register_plugin(&plugin);
}

#if SIPWHY_WS_PLUGIN_DESCRIBE
#include <wsutil/plugins.h>

WS_DLL_PUBLIC uint32_t plugin_describe(void);

uint32_t plugin_describe(void)
{
    return WS_PLUGIN_DESC_DISSECTOR | WS_PLUGIN_DESC_TAP_LISTENER;
}
#endif
