// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What VMMs other than those of the test bed do with a VF, as their sources have it: how they look
 * for BARs, and how they switch MSI-X: which calls of VFIO_DEVICE_SET_IRQS, and what they write to
 * configuration space. After each step the legacy driver finds the device configuration where it
 * must be, and frames and their interrupts come: vmm_sequences PF VF
 */
#include <poll.h>
#include <sys/eventfd.h>
#include <linux/pci_regs.h>

#include "check_vf.h"
#include "wire.h"

#define VECTORS 4u
#define OURS (1u + NET_QUEUES) /* of them, that the driver has given to something */
#define HEADER (sizeof(uint16_t)) /* id and next, before the control register */

static struct vf vf;
static struct net net;
static struct peer peer;
static unsigned int cap; /* where the MSI-X capability is */
static int event[VECTORS];
static const int none[VECTORS] = { -1, -1, -1, -1 };

static void ask(int err, const char *what)
{
	check(!err, "%s (%s)", what, strerror(-err));
}

static void set_irqs(unsigned int first, const int *fds, unsigned int nr, const char *what)
{
	ask(vf_irqs_from(&vf, VFIO_PCI_MSIX_IRQ_INDEX, first, fds, nr), what);
}

static void irqs_off(void)
{
	set_irqs(0, NULL, 0, "all vectors off");
}

/* The control register alone, in two bytes. */
static void control_word(uint16_t flags)
{
	uint16_t size =
		(uint16_t)(vf_config_get(&vf, cap + PCI_MSIX_FLAGS, 2) & PCI_MSIX_FLAGS_QSIZE);

	ask(vf_config_put(&vf, cap + PCI_MSIX_FLAGS, 2, size | flags), "control register, 2 bytes");
}

/* And as the upper half of four, which begin with the capability's id and next. */
static void control_dword(uint16_t flags)
{
	uint32_t value = vf_config_get(&vf, cap, 4);

	value &= ~((uint32_t)(PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL) << 8 * HEADER);
	ask(vf_config_put(&vf, cap, 4, value | (uint32_t)flags << 8 * HEADER),
	    "control register, 4 bytes");
}

/* The MAC address stands at the beginning of the device configuration. */
static void configuration_is_at(unsigned int base)
{
	unsigned int i, same = 0;

	for (i = 0; i < sizeof(net.mac); i++)
		same += legacy_get8(&vf, base + i) == net.mac[i];
	check_eq(same, sizeof(net.mac), "the device configuration is at %u", base);
}

static void drain(void)
{
	uint64_t count;
	unsigned int i;

	for (i = 0; i < VECTORS; i++)
		if (poll(&(struct pollfd) { event[i], POLLIN, 0 }, 1, 0) == 1 &&
		    read(event[i], &count, sizeof(count)) < 0)
			check(0, "eventfd %u: %s", i, strerror(errno));
}

static void is_on(const char *name)
{
	int err;

	configuration_is_at(LEGACY_CONFIG_MSIX);
	err = wire_out(&net, &peer, WIRE_LENGTHS);
	check(!err, "%s: frames from VF to PF, each with its interrupt (%s)", name, strerror(-err));
	err = wire_in(&net, &peer, WIRE_LENGTHS);
	check(!err, "%s: frames from PF to VF (%s)", name, strerror(-err));
}

static void is_off(void)
{
	configuration_is_at(LEGACY_CONFIG);
	drain();
}

static void cloud_hypervisor(void)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		set_irqs(0, event, VECTORS, "all vectors of the table at once");
		control_dword(PCI_MSIX_FLAGS_ENABLE);
		is_on("cloud-hypervisor, dword");
		irqs_off();
		control_dword(0);
		is_off();
	}
	set_irqs(0, event, VECTORS, "all vectors of the table at once");
	control_word(PCI_MSIX_FLAGS_ENABLE);
	is_on("cloud-hypervisor, word");
	irqs_off();
	control_word(0);
	is_off();
}

static void crosvm(void)
{
	const int first[VECTORS] = { event[0], -1, -1, -1 };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		set_irqs(0, first, VECTORS, "a vector that nobody wants");
		set_irqs(0, none, VECTORS, "and none, with MSI-X on");
		control_word(PCI_MSIX_FLAGS_ENABLE);
		configuration_is_at(LEGACY_CONFIG_MSIX);
		for (unsigned int v = 0; v < OURS; v++)
			set_irqs(v, &event[v], 1, "a vector, as the guest writes its entry");
		is_on("crosvm");
		control_word(PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL);
		set_irqs(0, none, VECTORS, "the function masked");
		control_word(PCI_MSIX_FLAGS_ENABLE);
		set_irqs(0, event, VECTORS, "and unmasked");
		is_on("crosvm, unmasked");
		irqs_off();
		control_word(0);
		is_off();
	}
}

/* All vectors anew for each that the guest unmasks. */
static void qemu_7_2(void)
{
	unsigned int v;

	control_word(PCI_MSIX_FLAGS_ENABLE);
	set_irqs(0, event, 1, "vector 0");
	set_irqs(0, none, 1, "vector 0 released");
	configuration_is_at(LEGACY_CONFIG_MSIX);
	set_irqs(0, event, 1, "vector 0 used");
	for (v = 2; v <= OURS; v++) {
		irqs_off();
		set_irqs(0, event, v, "one vector more");
	}
	is_on("QEMU 7.2");
	irqs_off();
	control_word(0);
	is_off();
}

/* From 8.1 on: MSI-X on without a vector, then each by itself. */
static void qemu_10(void)
{
	unsigned int v;

	control_word(PCI_MSIX_FLAGS_ENABLE);
	set_irqs(0, none, 1, "no vector");
	configuration_is_at(LEGACY_CONFIG_MSIX);
	for (v = 0; v < OURS; v++)
		set_irqs(v, &event[v], 1, "a vector by itself");
	is_on("QEMU 10");
	irqs_off();
	control_word(0);
	is_off();
}

/* All three write all-ones to a BAR and read its size, cloud-hypervisor and crosvm by dwords. */
static void bars(void)
{
	uint32_t before = vf_config_get(&vf, PCI_BASE_ADDRESS_0, 4), size;

	ask(vf_config_put(&vf, PCI_BASE_ADDRESS_0, 4, UINT32_MAX), "BAR0 written with all-ones");
	size = vf_config_get(&vf, PCI_BASE_ADDRESS_0, 4);
	check_eq(size & 3, PCI_BASE_ADDRESS_SPACE_IO, "BAR0 is I/O");
	check_eq((uint32_t) ~(size & ~3u) + 1u, vf.bar0_size, "its size");
	ask(vf_config_put(&vf, PCI_BASE_ADDRESS_0, 4, before), "BAR0 as it was");
	check_eq(vf_config_get(&vf, PCI_BASE_ADDRESS_0, 4), before, "BAR0");
}

static unsigned int msix_capability(void)
{
	unsigned int at = vf_config_get(&vf, PCI_CAPABILITY_LIST, 1) & ~3u;
	unsigned int left = 48;

	while (at && left-- && vf_config_get(&vf, at, 1) != PCI_CAP_ID_MSIX)
		at = vf_config_get(&vf, at + 1, 1) & ~3u;
	return at;
}

/* The driver's own eventfds, so that it counts their interrupts, and more of the table. */
static void start(void)
{
	const struct net_options options = { .features = NET_F_MAC, .msix = 1 };
	const char *why;
	unsigned int i;
	int err = net_up(&net, &vf, &options, &why);

	if (!check(!err, "brought up (%s: %s)", why, strerror(-err)))
		exit(check_result());
	for (i = 0; i < VECTORS; i++)
		event[i] = i < OURS ? net.event[i] : eventfd(0, EFD_CLOEXEC);
	irqs_off();
	is_off();
}

int main(int argc, char **argv)
{
	int err;

	if (argc < 3)
		check_die("usage: vmm_sequences PF VF");
	err = peer_open(&peer, argv[1]);
	if (err)
		check_die("network interface of PF %s: %s", argv[1], strerror(-err));
	check_vf_open(&vf, argv[2]);
	cap = msix_capability();
	check_eq(vf_irq_count(&vf, VFIO_PCI_MSIX_IRQ_INDEX), VECTORS, "vectors");
	if (!check(cap, "MSI-X capability at 0x%x", cap))
		return check_result();
	bars();
	start();
	cloud_hypervisor();
	crosvm();
	qemu_7_2();
	qemu_10();
	cloud_hypervisor();
	net_down(&net);
	vf_close(&vf);
	return check_result();
}
