// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Answers nothing. */
#include <vvb/plugin.h>

const struct vvb_plugin vvb_plugin = { .api = VVB_PLUGIN_API, .name = "bare" };
