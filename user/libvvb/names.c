// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <stddef.h>

#include <vvb/config_layout.h>
#include <vvb/names.h>

#include "vvb.h"

#define NAME_OF(table, index) \
	((index) < sizeof(table) / sizeof(*(table)) && (table)[index] ? (table)[index] : "?")

static const char *const verdicts[VVB_VERDICT_NR] = { VVB_VERDICT_NAMES(VVB_NAME_AT, VVB_NAME_AT) };

static const char *const handlers[VVB_HANDLER_NR] = { VVB_HANDLER_NAMES(VVB_NAME_AT, VVB_NAME_AT) };

/* clang-format off */
static const char *const events[VVB_EV_NR] = {
	[VVB_EV_ILLEGAL_VERDICT] = "illegal_verdict",
	[VVB_EV_ILLEGAL_GUARD] = "illegal_guard",
	[VVB_EV_PARTIAL_WRITE] = "partial_write",
	[VVB_EV_BEYOND_CONFIG] = "beyond_config",
	[VVB_EV_IO_DISABLED] = "io_disabled",
	[VVB_EV_DENIED] = "denied",
	[VVB_EV_COMMAND_ERROR] = "command_error",
	[VVB_EV_COMMAND_RETRY] = "command_retry",
	[VVB_EV_COMMAND_LIMIT] = "command_limit",
	[VVB_EV_PF_UNAVAILABLE] = "pf_unavailable",
	[VVB_EV_NO_DAEMON] = "no_daemon",
	[VVB_EV_DAEMON_LATE] = "daemon_late",
	[VVB_EV_DAEMON_LOST] = "daemon_lost",
	[VVB_EV_BAD_REPLY] = "bad_reply",
	[VVB_EV_LATE_REPLY] = "late_reply",
	[VVB_EV_NOTIFY_FALLBACK] = "notify_fallback",
	[VVB_EV_MEM_DISABLED] = "mem_disabled",
	[VVB_EV_COMMAND_TIMEOUT] = "command_timeout",
	[VVB_EV_STALLED] = "stalled",
	[VVB_EV_EJECTED] = "ejected",
	[VVB_EV_SELECT_SENT] = "select_sent",
	[VVB_EV_COALESCED] = "coalesced",
	[VVB_EV_COALESCED_SENT] = "coalesced_sent",
	[VVB_EV_DELAYED] = "delayed",
	[VVB_EV_DELAY_CUT] = "delay_cut",
	[VVB_EV_BUS_MASTER_SET] = "bus_master_set",
	[VVB_EV_INTX] = "intx",
	[VVB_EV_INTX_REFUSED] = "intx_refused",
	[VVB_EV_FEATURES_REFUSED] = "features_refused",
	[VVB_EV_WITHOUT_VERSION_1] = "without_version_1",
	[VVB_EV_LATE_FEATURES] = "late_features",
	[VVB_EV_KICK_HELD] = "kick_held",
	[VVB_EV_EARLY_DRIVER_OK] = "early_driver_ok",
	[VVB_EV_BAD_QUEUE] = "bad_queue",
	[VVB_EV_QUEUE_RUNS_ON] = "queue_runs_on",
	[VVB_EV_NEEDS_RESET] = "needs_reset",
	[VVB_EV_PARTIAL_CONFIG] = "partial_config",
	[VVB_EV_RESTLESS_CONFIG] = "restless_config",
	[VVB_EV_KICK_BY_IOEVENTFD] = "kick_by_ioeventfd",
	[VVB_EV_KICK_BY_THREAD] = "kick_by_thread",
};

static const char *const opcodes[] = {
	"list_query", "list_use", "legacy_common_cfg_write", "legacy_common_cfg_read",
	"legacy_dev_cfg_write", "legacy_dev_cfg_read", "legacy_notify_info",
};
/* clang-format on */

/* clang-format off */
#define CONFIG_NAME(name, start, step) \
	name,
#define CONFIG_NAMES(type_name, TYPE, transitional) \
	[VVB_DEVICE_##TYPE] = { VVB_CONFIG_##TYPE(CONFIG_NAME) },

static const char *const config_fields[VVB_DEVICE_TYPES_MAX + 1][VVB_CONFIG_FIELDS] = {
	VVB_DEVICE_TYPES(CONFIG_NAMES)
};
/* clang-format on */

const char *vvb_config_field_name(unsigned int device_type, unsigned int offset)
{
	const struct vvb_config_layout *layout =
		device_type <= VVB_DEVICE_TYPES_MAX ? vvb_config_layout((__u8)device_type) : NULL;

	if (!layout || offset >= vvb_config_layout_len(layout))
		return "?";
	return config_fields[device_type][vvb_config_place(layout, (__u8)offset) - layout->field];
}

const char *vvb_field_name(unsigned int field)
{
	return field < VVB_FIELD_NR ? vvb_fields[field].name : "?";
}

const char *vvb_verdict_name(unsigned int verdict)
{
	return NAME_OF(verdicts, verdict);
}

const char *vvb_handler_name(unsigned int handler)
{
	return NAME_OF(handlers, handler);
}

const char *vvb_event_name(unsigned int event)
{
	return NAME_OF(events, event);
}

const char *vvb_opcode_name(unsigned int opcode)
{
	return NAME_OF(opcodes, opcode);
}
