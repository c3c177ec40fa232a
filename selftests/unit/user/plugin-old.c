// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Made for another version of the interface. */
#include <vvb/plugin.h>

const struct vvb_plugin vvb_plugin = { .api = VVB_PLUGIN_API + 1, .name = "old" };
