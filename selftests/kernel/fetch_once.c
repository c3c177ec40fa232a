// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Arguments that change while the kernel looks at them: fetch_once VF
 *
 * What was checked has to be what is done. The kernel is stopped at a page that is missing, in the
 * middle of an argument, and what follows there is changed. The VF's policy punts control accesses.
 */
#include <pthread.h>
#include <linux/pci_regs.h>

#include "check_vf.h"
#include "knob.h"
#include "legacy.h"
#include "missing.h"
#include "punt.h"

static struct vf vf;

/* A write to configuration space that changes while the kernel waits for a part of it. */
struct change {
	unsigned int pos;
	pthread_t thread;
	struct missing missing;
	ssize_t got;
};

static void *change_write(void *opaque)
{
	struct change *c = opaque;

	c->got = vf_config_write(&vf, c->pos, c->missing.at, sizeof(uint32_t));
	return NULL;
}

/*
 * Four bytes of @first at @pos; there is no page for @missing of them.
 * Return: the kernel has come to it within @ms.
 */
static int change_begin(struct change *c, unsigned int pos, uint32_t first, unsigned int missing,
			long ms)
{
	int err = missing_begin(&c->missing, MISSING_FIRST, &first, sizeof(first), missing);

	if (err)
		check_die("userfaultfd: %s", strerror(-err));
	c->pos = pos;
	pthread_create(&c->thread, NULL, change_write, c);
	return missing_reached(&c->missing, (int)check_ms(ms));
}

/* One byte, on the page that is there. */
static void change_now(struct change *c, unsigned int at, uint32_t second)
{
	c->missing.at[at] = (uint8_t)(second >> (8 * at));
	check_eq(missing_end(&c->missing), 0, "it is changed");
}

static void change_end(struct change *c)
{
	pthread_join(c->thread, NULL);
	check_eq(c->got, sizeof(uint32_t), "the write is done");
	missing_free(&c->missing);
}

/* Bits of one byte, of which one is the driver's and one the device's: both, or none. */
static void command(uint16_t first, uint16_t second)
{
	const uint16_t both = PCI_COMMAND_IO | PCI_COMMAND_MASTER;
	static struct change c;
	uint32_t v;

	vf_config_put(&vf, PCI_COMMAND, 2, first);
	check(change_begin(&c, PCI_DEVICE_ID, (uint32_t)first << 16, 2, 5000),
	      "PCI_COMMAND: 0x%x is written", first);
	change_now(&c, 2, (uint32_t)second << 16);
	change_end(&c);
	v = vf_config_get(&vf, PCI_COMMAND, 2) & both;
	check(v == both || !v, "PCI_COMMAND changed to 0x%x: it is 0x%x", second, v);
	check_eq(legacy_read(&vf, 0, &v, 4), v ? 4 : -EIO, "I/O decoding is what it says");
}

/* A reset that is none when it is checked: not into the middle of an access. */
static void reset(unsigned int devctl)
{
	uint16_t value = (uint16_t)vf_config_get(&vf, devctl, 2);
	long long resets = knob_counter(1, "resets");
	static struct change c;
	struct vvb_request r;
	struct daemon d;
	struct vcpu v;

	if (daemon_open(&d) || daemon_claim(&d, vf.bdf))
		check_die("daemon: %s", strerror(errno));
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	vcpu_read(&v, &vf, LEGACY_DEVICE_FEATURES, 4);
	check_eq(daemon_wait(&d, &r, 5000), 0, "an access waits for its daemon");
	/* or it waits for the access first: the better for it */
	change_begin(&c, devctl, value, 1, 500);
	change_now(&c, 1, value | PCI_EXP_DEVCTL_BCR_FLR);
	check_eq(vcpu_join(&v, check_ms(500)), -ETIMEDOUT, "the access is under way");
	check_eq(knob_counter(1, "resets"), resets, "resets meanwhile");
	check_eq(daemon_reply_value(&d, r.id, 0x123), 0, "the daemon answers");
	check_eq(vcpu_join(&v, check_ms(5000)), 0, "the access ends");
	check_eq((long long)v.value, 0x123, "with the answer");
	change_end(&c);
	check_eq(knob_counter(1, "resets"), resets + 1, "resets after it");
	daemon_close(&d);
}

int main(int argc, char **argv)
{
	unsigned int express;

	if (argc < 2)
		check_die("usage: fetch_once VF");
	check_vf_open(&vf, argv[1]);
	express = vf_express(&vf);
	if (!express)
		check_die("no PCI Express capability");
	command(PCI_COMMAND_MEMORY, PCI_COMMAND_MEMORY | PCI_COMMAND_IO | PCI_COMMAND_MASTER);
	command(PCI_COMMAND_MEMORY | PCI_COMMAND_IO | PCI_COMMAND_MASTER, PCI_COMMAND_MEMORY);
	reset(express + PCI_EXP_DEVCTL);
	vf_close(&vf);
	return check_result();
}
