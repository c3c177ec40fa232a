// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What drivers rely on that were written for the transitional devices of hypervisors:
 * old_guest VF, where VF is number 1
 *
 * I/O decoding that is on already; accesses wider and narrower than a register; Bus Master that
 * comes with device_status. With the kernel's own driver it is checked that it has none of it: when
 * that changes, docs/comparison.md is to be changed.
 */
#include <linux/pci_regs.h>
#include <sys/eventfd.h>

#include "check_vf.h"
#include "knob.h"
#include "legacy.h"
#include "stats.h"

#define MEMBER 1
#define ACKNOWLEDGE LEGACY_STATUS_ACKNOWLEDGE
#define DRIVER (LEGACY_STATUS_ACKNOWLEDGE | LEGACY_STATUS_DRIVER)
#define DRIVER_OK (DRIVER | LEGACY_STATUS_DRIVER_OK)

static struct vf vf;
static int ours;

/* Kicks of a VF that reach the device. */
static long long kicks(void)
{
	return knob_counter(MEMBER, "legacy_notifies");
}

static uint16_t command(void)
{
	return (uint16_t)vf_config_get(&vf, PCI_COMMAND, 2);
}

/* As DPDK does: nothing but the legacy driver's own accesses. */
static void io_decoding(void)
{
	uint16_t before;
	uint32_t v;

	check_eq(command() & PCI_COMMAND_IO, ours ? PCI_COMMAND_IO : 0, "opened: I/O decoding");
	check_eq(legacy_read(&vf, LEGACY_DEVICE_FEATURES, &v, 4), ours ? 4 : -EIO,
		 "opened: device_features read");
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	before = command();
	check_eq(vf_reset(&vf), 0, "VFIO_DEVICE_RESET");
	check_eq(command(), ours ? before : before & ~PCI_COMMAND_IO, "the command register");
	check_eq(legacy_read(&vf, LEGACY_DEVICE_FEATURES, &v, 4), ours ? 4 : -EIO,
		 "device_features read");
	vf_command(&vf, 0, PCI_COMMAND_IO);
	check_eq(legacy_read(&vf, LEGACY_DEVICE_FEATURES, &v, 4), -EIO, "the guest turns it off");
	check_eq(vf_reset(&vf), 0, "VFIO_DEVICE_RESET");
	check_eq(legacy_read(&vf, LEGACY_DEVICE_FEATURES, &v, 4), -EIO, "it stays off");
	vf_command(&vf, PCI_COMMAND_IO, 0);
}

/* What a read of @len bytes at @pos gives, and what the kernel's own driver makes of it. */
static void reads(unsigned int pos, size_t len, uint32_t want, const char *what)
{
	uint32_t v = 0;
	ssize_t n = legacy_read(&vf, pos, &v, len);

	if (ours)
		check(n == (ssize_t)len && v == want, "%s: %zd, %08x", what, n, v);
	else
		check(n < 0, "%s: %s", what, strerror((int)-n));
}

static void writes(unsigned int pos, size_t len, uint32_t value, const char *what)
{
	ssize_t n = legacy_write(&vf, pos, &value, len);

	if (ours)
		check_eq(n, len, "%s", what);
	else
		check(n < 0, "%s: %s", what, strerror((int)-n));
}

static void kick_widths(void)
{
	long long before = kicks();

	legacy_put8(&vf, LEGACY_DEVICE_STATUS, ACKNOWLEDGE);
	writes(LEGACY_QUEUE_NOTIFY, 4, 1, "outl at 16");
	check_eq(kicks() - before, ours, "kicks");
	check_eq(legacy_get8(&vf, LEGACY_DEVICE_STATUS), ACKNOWLEDGE, "no reset of the device");
	writes(LEGACY_QUEUE_NOTIFY, 1, 1, "outb at 16");
	check_eq(kicks() - before, 2 * ours, "kicks");
	writes(LEGACY_QUEUE_NOTIFY, 4, 0xffff0001, "outl at 16, with more than an index");
	check_eq(kicks() - before, 3 * ours, "kicks");
	if (ours) {
		writes(LEGACY_QUEUE_NOTIFY, 8, 1, "eight bytes at 16");
		writes(LEGACY_QUEUE_NOTIFY + 1, 1, 1, "outb at 17");
		check_eq(kicks() - before, 4, "kicks: none by a write inside the register");
	}
}

static void register_widths(void)
{
	uint16_t size = legacy_get16(&vf, LEGACY_QUEUE_SIZE);

	legacy_put8(&vf, LEGACY_DEVICE_STATUS, ACKNOWLEDGE);
	reads(LEGACY_QUEUE_SIZE, 4, size, "inl at 12");
	reads(LEGACY_DEVICE_STATUS, 4, ACKNOWLEDGE, "inl at 18");
	reads(LEGACY_DEVICE_STATUS, 2, ACKNOWLEDGE, "inw at 18");
	writes(LEGACY_QUEUE_SELECT, 4, 1, "outl at 14");
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SELECT), ours, "queue_select");
	writes(LEGACY_QUEUE_SELECT, 1, 2, "outb at 14");
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SELECT), 2 * ours, "queue_select");
	legacy_put32(&vf, LEGACY_QUEUE_ADDRESS, 0x12345678);
	writes(LEGACY_QUEUE_ADDRESS, 2, 0x9abc, "outw at 8");
	check_eq(legacy_get32(&vf, LEGACY_QUEUE_ADDRESS), ours ? 0x9abc : 0x12345678,
		 "queue_address: a narrower write is zero-extended");
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0);
}

/* The ISR is cleared by a read of it, and by nothing else. */
static void isr_left_alone(void)
{
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, DRIVER_OK);
	check(!knob_set("link-down", "1") && !knob_set("link-up", "1"), "the link has changed");
	reads(LEGACY_DEVICE_STATUS, 4, DRIVER_OK, "inl at 18");
	check_eq(legacy_get8(&vf, LEGACY_ISR_STATUS), LEGACY_ISR_CONFIG, "the ISR is still set");
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0);
}

/* Two registers, not one of four bytes. */
static void vector_widths(void)
{
	int fds[3], i;

	for (i = 0; i < 3; i++)
		fds[i] = eventfd(0, EFD_CLOEXEC);
	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, fds, 3), 0, "MSI-X on");
	writes(LEGACY_CONFIG_VECTOR, 4, 0x00020001, "outl at 20");
	check_eq(legacy_get16(&vf, LEGACY_CONFIG_VECTOR), ours ? 1 : LEGACY_NO_VECTOR,
		 "config_vector");
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_VECTOR), LEGACY_NO_VECTOR, "queue_vector");
	reads(LEGACY_CONFIG_VECTOR, 4, 1, "inl at 20");
	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, fds, 0), 0, "MSI-X off");
	for (i = 0; i < 3; i++)
		close(fds[i]);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0);
}

/* A write of device_status; is Bus Master on behind it, and how often was it set? */
static void master(size_t width, uint32_t status, int on, unsigned int times, const char *what)
{
	__u64 before = ours ? stats_event(vf.bdf, VVB_EV_BUS_MASTER_SET) : 0;

	legacy_write(&vf, LEGACY_DEVICE_STATUS, &status, width);
	check_eq(!!(command() & PCI_COMMAND_MASTER), on, "%s: Bus Master", what);
	if (ours)
		check_eq((long long)(stats_event(vf.bdf, VVB_EV_BUS_MASTER_SET) - before), times,
			 "%s: counted", what);
}

static void bus_master(void)
{
	char bdf[sizeof(vf.bdf)];

	memcpy(bdf, vf.bdf, sizeof(bdf));
	vf_close(&vf);
	check_vf_open(&vf, bdf);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	master(1, ACKNOWLEDGE, 0, 0, "ACKNOWLEDGE");
	master(1, DRIVER, ours, 1, "DRIVER");
	master(1, DRIVER, ours, 0, "DRIVER again");
	vf_command(&vf, 0, PCI_COMMAND_MASTER);
	master(1, DRIVER_OK, 0, 0, "taken away by the guest, DRIVER_OK");
	master(1, LEGACY_STATUS_FAILED | DRIVER, 0, 0, "FAILED");
	vf_command(&vf, 0, PCI_COMMAND_IO);
	master(1, DRIVER, 0, 0, "I/O decoding is off, DRIVER");
	vf_command(&vf, PCI_COMMAND_IO, 0);
	master(4, 0xa5a5a500 | DRIVER, ours, 1, "DRIVER by outl");
	check_eq(command() & (PCI_COMMAND_IO | PCI_COMMAND_MEMORY),
		 PCI_COMMAND_IO | PCI_COMMAND_MEMORY, "the other bits");
	check_eq(vf_reset(&vf), 0, "VFIO_DEVICE_RESET");
	check_eq(!!(command() & PCI_COMMAND_MASTER), ours, "kept, as one of the guest's would be");
	vf_close(&vf);
	check_vf_open(&vf, bdf);
	check_eq(!!(command() & PCI_COMMAND_MASTER), 0, "Bus Master of the next user");
}

int main(int argc, char **argv)
{
	if (argc < 2)
		check_die("usage: old_guest VF");
	check_vf_open(&vf, argv[1]);
	ours = driver_is_ours(argv[1]);
	io_decoding();
	kick_widths();
	register_widths();
	isr_left_alone();
	vector_widths();
	bus_master();
	vf_close(&vf);
	return check_result();
}
