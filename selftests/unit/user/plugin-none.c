// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* A shared object, but no plugin. */
int no_plugin;
