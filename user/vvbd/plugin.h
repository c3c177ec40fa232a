/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Shared objects that answer for VFs; <vvb/plugin.h> is their side. */
#ifndef VVBD_PLUGIN_H
#define VVBD_PLUGIN_H

#include "handler_choice.h"

/**
 * plugins_load - load every plugin that a configuration names
 * @conf:	of the start: later there is no way to load one
 * @why:	filled in when one can't be loaded, or is none
 *
 * A plugin stays loaded until the end. Return: 0, -ENOMEM, or -EINVAL.
 */
int plugins_load(const struct conf_file *conf, struct complaint *why);

#endif /* VVBD_PLUGIN_H */
