/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * For programs about a daemon that is late or gone: two VFs whose policies punt control accesses,
 * what comes back from a punt, and after how long.
 */
#ifndef CHECK_PUNT_H
#define CHECK_PUNT_H

#include <linux/pci_regs.h>

#include "check_vf.h"
#include "legacy.h"
#include "punt.h"

#define DEADLINE_MS check_ms(600)
#define SLACK_MS check_ms(500)
#define AT_ONCE_MS check_ms(300)

static struct vf vf, vf2;
static uint32_t features; /* of the device, as the kernel's default reads them */

static inline void attr(const char *name, const char *value)
{
	int err = vf_attr_set(vf.bdf, name, value);

	if (!err)
		err = vf_attr_set(vf2.bdf, name, value);
	if (err)
		check_die("%s=%s: %s", name, value, strerror(-err));
}

static inline void check_state(const char *when, const char *wanted)
{
	char state[16];

	vf_attr_get(vf.bdf, "daemon", state, sizeof(state));
	check(!strcmp(state, wanted), "%s: daemon is \"%s\", wanted \"%s\"", when, state, wanted);
}

/* The access is over, with this value and after @from_ms to @to_ms. */
static inline void finish(struct vcpu *v, const char *what, uint64_t value, long from_ms,
			  long to_ms)
{
	if (vcpu_join(v, DEADLINE_MS + 3000))
		check_die("%s: the access is still stuck", what);
	check(v->got == (ssize_t)v->len && v->value == value, "%s: access got %zd, %llx", what,
	      v->got, (unsigned long long)v->value);
	check(v->ms >= from_ms && v->ms <= to_ms, "%s: back after %ld ms (%ld..%ld)", what, v->ms,
	      from_ms, to_ms);
}

/* Both VFs open, nobody claims them, and a punt without a daemon is done by the kernel. */
static inline void check_punt_open(const char *bdf, const char *bdf2)
{
	char timeout[16];

	check_vf_open(&vf, bdf);
	check_vf_open(&vf2, bdf2);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	vf_command(&vf2, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	snprintf(timeout, sizeof(timeout), "%ld", DEADLINE_MS);
	attr("punt_timeout_ms", timeout);
	attr("on_daemon_loss", "kernel");
	features = legacy_get32(&vf, LEGACY_DEVICE_FEATURES);
	check(features != ~0u && features, "device_features %08x without a daemon", features);
}

static inline void check_punt_close(void)
{
	vf_close(&vf);
	vf_close(&vf2);
}

#endif /* CHECK_PUNT_H */
