// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Properties that may be set and read while the machine runs (qom-set, qom-get), all of
 * simple types: how the NIC misbehaves, its links, and what it counted. The README next
 * door has the table for the user.
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "aer.h"
#include "knobs.h"
#include "world.h"

#define NOTIFY_LISTS "member owner owner-member empty bad-bar misaligned out-of-range msix-bar"

static const char *const notify_lists[NIC_LIST_NR] = {
	[NIC_LIST_MEMBER] = "member",
	[NIC_LIST_OWNER] = "owner",
	[NIC_LIST_OWNER_MEMBER] = "owner-member",
	[NIC_LIST_EMPTY] = "empty",
	[NIC_LIST_BAD_BAR] = "bad-bar",
	[NIC_LIST_MISALIGNED] = "misaligned",
	[NIC_LIST_OUT_OF_RANGE] = "out-of-range",
	[NIC_LIST_MSIX_BAR] = "msix-bar",
};

static const char *const interfaces[] = {
	[NIC_IF_NONE] = "none",
	[NIC_IF_MODERN] = "modern",
	[NIC_IF_LEGACY] = "legacy",
};

/* Faults may also be given at start, when there is no core yet. */

static struct nic_faults *get_faults(VvbNic *nic)
{
	if (nic->core)
		nic_get_faults(nic->core, &nic->faults);
	return &nic->faults;
}

static void put_faults(VvbNic *nic)
{
	if (nic->core)
		nic_set_faults(nic->core, &nic->faults);
}

/**
 * struct fault - a number in struct nic_faults as a property
 * @size:	of the member at @offset
 * @min, @max:	accepted
 */
struct fault {
	const char *name;
	const char *help;
	size_t offset;
	size_t size;
	int64_t min;
	int64_t max;
};

#define FAULT(property, member, lowest, highest, text)                         \
	{                                                                      \
		.name = property, .help = text, .min = lowest, .max = highest, \
		.offset = offsetof(struct nic_faults, member),                 \
		.size = sizeof_field(struct nic_faults, member),               \
	}

static const struct fault faults[] = {
	FAULT("admin-delay-ns", delay_ns, 0, INT64_MAX,
	      "latency of each administration command on the virtual clock"),
	FAULT("admin-fail-at", fail_nth, 0, UINT32_MAX,
	      "the Nth next administration command fails, 0: none"),
	FAULT("admin-fail-status", fail_status, 0, UINT16_MAX, "with this status"),
	FAULT("admin-fail-qualifier", fail_qualifier, 0, UINT16_MAX, "and this qualifier"),
	FAULT("admin-short-result", short_result, -1, INT32_MAX,
	      "results are cut off after so many bytes, -1: never"),
	FAULT("lose-one", lose_nth, 0, UINT32_MAX,
	      "the Nth next administration command is never answered, 0: none"),
	FAULT("reset-slow-ns", reset_slow_ns, 0, INT64_MAX,
	      "how long a driver's reset of a VF takes"),
	FAULT("queue-size-shown", queue_size_shown, -1, UINT16_MAX,
	      "what queue_size of VFs reads as, -1: the truth"),
	FAULT("notify-off-shown", notify_off_shown, -1, UINT16_MAX,
	      "what queue_notify_off of VFs reads as, -1: the truth"),
};

static int64_t load_fault(const void *from, size_t size, bool is_signed)
{
	uint64_t raw = ldn_he_p(from, size);

	return is_signed ? sextract64(raw, 0, 8 * size) : (int64_t)raw;
}

static void fault_get(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
	const struct fault *fault = opaque;
	const void *from = (char *)get_faults(VVB_NIC(obj)) + fault->offset;
	int64_t value = load_fault(from, fault->size, fault->min < 0);

	visit_type_int(v, name, &value, errp);
}

static void fault_set(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
	const struct fault *fault = opaque;
	VvbNic *nic = VVB_NIC(obj);
	int64_t value;

	if (!visit_type_int(v, name, &value, errp))
		return;
	if (value < fault->min || value > fault->max) {
		error_setg(errp, "%s must be %" PRId64 "..%" PRId64, name, fault->min, fault->max);
		return;
	}
	stn_he_p((char *)get_faults(nic) + fault->offset, fault->size, value);
	put_faults(nic);
}

/* A bool in struct nic_faults as a property. */
struct flag {
	const char *name;
	const char *help;
	size_t offset;
};

static const struct flag flags[] = {
	{ "hang-queue", "administration commands wait while set",
	  offsetof(struct nic_faults, hang_queue) },
	{ "features-all", "VFs say that they offer each feature",
	  offsetof(struct nic_faults, features_all) },
	{ "features-refused", "VFs never set FEATURES_OK",
	  offsetof(struct nic_faults, features_refused) },
	{ "config-restless", "config_generation of VFs changes at each read",
	  offsetof(struct nic_faults, config_restless) },
	{ "stamp-doorbells", "the time of each doorbell of a VF is written behind its used ring",
	  offsetof(struct nic_faults, stamp_doorbells) },
};

static bool *flag_of(Object *obj, const struct flag *flag)
{
	return (bool *)((char *)get_faults(VVB_NIC(obj)) + flag->offset);
}

static void flag_get(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
	visit_type_bool(v, name, flag_of(obj, opaque), errp);
}

static void flag_set(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
	if (visit_type_bool(v, name, flag_of(obj, opaque), errp))
		put_faults(VVB_NIC(obj));
}

static char *notify_list_get(Object *obj, Error **errp)
{
	return g_strdup(notify_lists[get_faults(VVB_NIC(obj))->notify_list]);
}

static void notify_list_set(Object *obj, const char *word, Error **errp)
{
	VvbNic *nic = VVB_NIC(obj);
	unsigned int i;

	for (i = 0; i < NIC_LIST_NR; i++) {
		if (!strcmp(word, notify_lists[i])) {
			get_faults(nic)->notify_list = i;
			put_faults(nic);
			return;
		}
	}
	error_setg(errp, "notify-list: what is '%s'? One of " NOTIFY_LISTS, word);
}

static void flr_busy_get(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
	visit_type_uint64(v, name, &VVB_NIC(obj)->settings.flr_busy_ns, errp);
}

static void flr_busy_set(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
	VvbNic *nic = VVB_NIC(obj);

	if (visit_type_uint64(v, name, &nic->settings.flr_busy_ns, errp) && nic->core)
		nic_set_flr_busy(nic->core, nic->settings.flr_busy_ns);
}

static bool link_get(Object *obj, Error **errp)
{
	return VVB_NIC(obj)->link;
}

static void link_set(Object *obj, bool up, Error **errp)
{
	VvbNic *nic = VVB_NIC(obj);

	if (vvb_is_disk(nic)) {
		error_setg(errp, "link: a disk has none");
		return;
	}
	nic->link = up;
	if (nic->core)
		vvb_update_link(nic);
}

/* Things that are done to one function: the value written is its number. */

static void link_up(VvbNic *nic, unsigned int fn)
{
	nic_set_link(nic->core, fn, true);
}

static void link_down(VvbNic *nic, unsigned int fn)
{
	nic_set_link(nic->core, fn, false);
}

static void surprise_reset(VvbNic *nic, unsigned int fn)
{
	nic_surprise_reset(nic->core, fn);
}

static void needs_reset(VvbNic *nic, unsigned int fn)
{
	nic_needs_reset(nic->core, fn);
}

/* The severities are those after a reset; software may change them. */

static void aer_nonfatal(VvbNic *nic, unsigned int fn)
{
	vvb_aer_report(nic, fn, "COMP_TIME");
}

static void aer_fatal(VvbNic *nic, unsigned int fn)
{
	vvb_aer_report(nic, fn, "INTN");
}

struct action {
	const char *name;
	const char *help;
	void (*run)(VvbNic *nic, unsigned int fn);
};

static const struct action actions[] = {
	{ "link-up", "the link of this function (0: PF) comes up", link_up },
	{ "link-down", "the link of this function (0: PF) goes down", link_down },
	{ "surprise-reset", "this function (0: PF) loses its virtio state", surprise_reset },
	{ "needs-reset", "this function (0: PF) sets DEVICE_NEEDS_RESET", needs_reset },
	{ "aer-nonfatal", "this function (0: PF) reports a completion time-out", aer_nonfatal },
	{ "aer-fatal", "this function (0: PF) reports an internal error", aer_fatal },
};

/* Of links, of which a disk has none. */
static bool is_of_links(const char *name)
{
	return g_str_has_prefix(name, "link");
}

static void action_set(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
	const struct action *action = opaque;
	VvbNic *nic = VVB_NIC(obj);
	uint32_t fn;

	if (!visit_type_uint32(v, name, &fn, errp))
		return;
	if (!nic->core || fn > nic_num_vfs(nic->core))
		error_setg(errp, "%s: there is no function %u", name, fn);
	else if (vvb_is_disk(nic) && is_of_links(name))
		error_setg(errp, "%s: a disk has no link", name);
	else
		action->run(nic, fn);
}

/* What the core counted, as lines of text; an absent core has counted nothing. */

static void put(GString *out, const char *name, uint64_t value)
{
	g_string_append_printf(out, " %s=%" PRIu64, name, value);
}

static void print_counts(VvbNic *nic, GString *out)
{
	struct nic_counters c;
	unsigned int op;

	nic_get_counters(nic->core, &c);
	for (op = 0; op < NIC_NR_OPCODES; op++)
		g_string_append_printf(out, "%u:%" PRIu64 ",", op, c.commands[op]);
	g_string_append_printf(out, "other:%" PRIu64, c.other);
}

static void print_command(const struct nic_trace_entry *t, GString *out)
{
	g_string_append_printf(out, "%" PRIu64, t->seq);
	put(out, "ns", t->ns);
	put(out, "opcode", t->opcode);
	put(out, "group", t->group);
	put(out, "member", t->member);
	put(out, "offset", t->offset);
	put(out, "len", t->len);
	g_string_append_printf(out, " value=0x%" PRIx64, t->value);
	put(out, "status", t->status);
	put(out, "qualifier", t->qualifier);
	g_string_append(out, t->lost ? " lost\n" : "\n");
}

static void print_trace(VvbNic *nic, GString *out)
{
	struct nic_trace_entry *trace = g_new(struct nic_trace_entry, NIC_TRACE_LEN);
	unsigned int nr = nic_trace(nic->core, trace, NIC_TRACE_LEN);
	unsigned int i;

	for (i = 0; i < nr; i++)
		print_command(&trace[i], out);
	g_free(trace);
}

static void print_digest(VvbNic *nic, GString *out)
{
	uint64_t digest, commands = nic_digest(nic->core, &digest);

	g_string_append_printf(out, "commands=%" PRIu64 " digest=0x%016" PRIx64, commands, digest);
}

static void print_totals(VvbNic *nic, GString *out)
{
	struct nic_counters c;

	nic_get_counters(nic->core, &c);
	g_string_append(out, "nic");
	put(out, "refused", c.refused);
	put(out, "lost", c.lost);
	put(out, "waiting", c.waiting);
	put(out, "uplink_tx", c.uplink_tx);
	put(out, "uplink_rx", c.uplink_rx);
}

static void print_frames(const struct nic_fn_counters *c, GString *out)
{
	put(out, "tx_frames", c->tx_frames);
	put(out, "tx_bytes", c->tx_bytes);
	put(out, "tx_dropped", c->tx_dropped);
	put(out, "rx_frames", c->rx_frames);
	put(out, "rx_bytes", c->rx_bytes);
	put(out, "rx_dropped", c->rx_dropped);
}

static void print_requests(const struct nic_fn_counters *c, GString *out)
{
	put(out, "reads", c->reads);
	put(out, "writes", c->writes);
	put(out, "flushes", c->flushes);
	put(out, "discards", c->discards);
	put(out, "zeroes", c->zeroes);
	put(out, "failed", c->failed);
}

static void print_function(const struct nic_fn_counters *c, GString *out)
{
	put(out, "notifies", c->notifies);
	put(out, "legacy_notifies", c->legacy_notifies);
	put(out, "owner_notifies", c->owner_notifies);
	put(out, "interrupts", c->interrupts);
	put(out, "ring_errors", c->ring_errors);
	put(out, "bad_accesses", c->bad_accesses);
	put(out, "bar_accesses", c->bar_accesses);
	put(out, "resets", c->resets);
	g_string_append_c(out, '\n');
}

static void print_functions(VvbNic *nic, GString *out)
{
	struct nic_fn_counters c;
	unsigned int fn;

	for (fn = 0; fn <= nic_num_vfs(nic->core); fn++) {
		nic_get_fn_counters(nic->core, fn, &c);
		g_string_append_printf(out, "%u", fn);
		(vvb_is_disk(nic) ? print_requests : print_frames)(&c, out);
		print_function(&c, out);
	}
}

static void print_state(VvbNic *nic, unsigned int fn, GString *out)
{
	struct nic_fn_state s;

	nic_get_fn_state(nic->core, fn, &s);
	g_string_append_printf(out, "%u interface=%s status=0x%x", fn, interfaces[s.interface],
			       s.status);
	g_string_append_printf(out, " features=0x%" PRIx64 " pairs=%u enabled=0x%x broken=0x%x",
			       s.features, s.pairs, s.enabled, s.broken);
	if (vvb_is_disk(nic)) {
		g_string_append_printf(out, " writeback=%u\n", s.writeback);
		return;
	}
	g_string_append_printf(out, " link=%s mac=%02x:%02x:%02x:%02x:%02x:%02x\n",
			       nic_link(nic->core, fn) ? "up" : "down", s.mac[0], s.mac[1],
			       s.mac[2], s.mac[3], s.mac[4], s.mac[5]);
}

static void print_states(VvbNic *nic, GString *out)
{
	unsigned int fn;

	for (fn = 0; fn <= nic_num_vfs(nic->core); fn++)
		print_state(nic, fn, out);
}

struct report {
	const char *name;
	const char *help;
	void (*print)(VvbNic *nic, GString *out);
};

static const struct report reports[] = {
	{ "admin-counts", "administration commands by opcode", print_counts },
	{ "admin-trace", "the last administration commands, one per line", print_trace },
	{ "admin-digest", "all administration commands so far as one number", print_digest },
	{ "totals", "counters of administration queue and uplink", print_totals },
	{ "fn-counters", "counters of each function, one per line", print_functions },
	{ "fn-state", "driver's state of each function, one per line", print_states },
};

static void report_get(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
	const struct report *report = opaque;
	GString *out = g_string_new(NULL);

	if (VVB_NIC(obj)->core)
		report->print(VVB_NIC(obj), out);
	visit_type_str(v, name, &out->str, errp);
	g_string_free(out, true);
}

static void add(ObjectClass *klass, const char *name, const char *type, ObjectPropertyAccessor *get,
		ObjectPropertyAccessor *set, const void *opaque, const char *help)
{
	object_class_property_add(klass, name, type, get, set, NULL, (void *)opaque);
	object_class_property_set_description(klass, name, help);
}

void vvb_knobs_init(ObjectClass *klass)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(faults); i++)
		add(klass, faults[i].name, "int", fault_get, fault_set, &faults[i], faults[i].help);
	for (i = 0; i < ARRAY_SIZE(flags); i++)
		add(klass, flags[i].name, "bool", flag_get, flag_set, &flags[i], flags[i].help);
	for (i = 0; i < ARRAY_SIZE(actions); i++)
		add(klass, actions[i].name, "uint32", NULL, action_set, &actions[i],
		    actions[i].help);
	for (i = 0; i < ARRAY_SIZE(reports); i++)
		add(klass, reports[i].name, "string", report_get, NULL, &reports[i],
		    reports[i].help);

	add(klass, "flr-busy-ns", "uint64", flr_busy_get, flr_busy_set, NULL,
	    "for so long after a reset of a VF, commands to it get EAGAIN");
	object_class_property_add_bool(klass, "link", link_get, link_set);
	object_class_property_set_description(klass, "link", "links of all functions");
	object_class_property_add_str(klass, "notify-list", notify_list_get, notify_list_set);
	object_class_property_set_description(klass, "notify-list",
					      "what LEGACY_NOTIFY_INFO lists");
}
