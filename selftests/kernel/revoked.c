// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A VF that is wanted back while its VMM goes on: revoked VF
 *
 * One process has it open, another unbinds it. From then on accesses are as with absent hardware,
 * whatever the policy would say, and the device hears nothing of them.
 */
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#include <linux/pci_regs.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

#include "check.h"
#include "knob.h"
#include "legacy.h"
#include "stats.h"

static struct vf vf;

static pid_t unbind(void)
{
	static const char path[] = "/sys/bus/pci/drivers/virtio_vfio_bpf/unbind";
	pid_t pid = fork();
	int fd;

	if (pid)
		return pid;
	/* or it would wait for itself */
	close(vf.device);
	close(vf.group);
	close(vf.container);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	_exit(fd >= 0 && write(fd, vf.bdf, strlen(vf.bdf)) > 0 ? 0 : 1);
}

/* Commands that the kernel sent for the VF; the device counts all of them, too. */
static unsigned long long commands(void)
{
	struct vvb_stats stats;
	unsigned long long sum = 0;
	unsigned int i;

	if (stats_read(vf.bdf, &stats))
		check_die("stats of %s", vf.bdf);
	for (i = 0; i < ARRAY_SIZE(stats.commands); i++)
		sum += stats.commands[i];
	return sum;
}

static unsigned int reads(void)
{
	static const uint8_t widths[] = { 1, 2, 4, 8 };
	unsigned int pos, i, answers = 0;
	uint64_t value;

	for (pos = 0; pos + 8 <= vf.bar0_size; pos++) {
		for (i = 0; i < ARRAY_SIZE(widths); i++) {
			value = 0;
			if (legacy_read(&vf, pos, &value, widths[i]) != widths[i] ||
			    value != ~0ull >> (64 - 8 * widths[i]))
				answers++;
		}
	}
	return answers;
}

static unsigned int writes(void)
{
	static const uint8_t zero[8];
	unsigned int pos, refused = 0;

	for (pos = 0; pos + 4 <= vf.bar0_size; pos++)
		refused += legacy_write(&vf, pos, zero, 4) != 4;
	return refused;
}

static unsigned int kicks(int by_eventfd)
{
	const uint64_t one = 1;
	unsigned int i, refused = 0;

	for (i = 0; i < 100; i++) {
		refused += legacy_put16(&vf, LEGACY_QUEUE_NOTIFY, 1) != 0;
		refused += write(by_eventfd, &one, sizeof(one)) != sizeof(one);
	}
	usleep((useconds_t)check_ms(200) * 1000); /* the eventfd's worker */
	return refused;
}

static void revoked(int by_eventfd)
{
	int acknowledged = knob_state(1, "status=0x1");
	unsigned long long sent = commands();
	long long rung = knob_counter(1, "legacy_notifies");

	check_eq(reads(), 0, "reads that are not all-ones");
	check_eq(writes(), 0, "writes that are not dropped");
	check_eq(kicks(by_eventfd), 0, "kicks that are not dropped");
	check_eq((long long)(commands() - sent), 0, "commands");
	check_eq(knob_counter(1, "legacy_notifies"), rung, "doorbells");
	check_eq(knob_state(1, "status=0x1"), acknowledged, "device_status is what it was");
}

int main(int argc, char **argv)
{
	struct pollfd asked = { .events = POLLIN };
	int err, status = -1, fd = eventfd(0, EFD_CLOEXEC);
	pid_t pid;

	if (argc < 2)
		check_die("usage: revoked VF");
	err = vf_open(&vf, argv[1]);
	asked.fd = eventfd(0, EFD_CLOEXEC);
	if (!err)
		err = vf_irqs(&vf, VFIO_PCI_REQ_IRQ_INDEX, &asked.fd, 1);
	if (err)
		check_die("VF %s: %s", argv[1], strerror(-err));
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	check_eq(legacy_kick_by(&vf, 1, fd), 0, "an eventfd that kicks");
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, LEGACY_STATUS_ACKNOWLEDGE);
	check(reads() > 100, "registers answer");
	pid = unbind();
	check_eq(poll(&asked, 1, (int)check_ms(10000)), 1, "the VF is wanted back");
	revoked(fd);
	check_eq(waitpid(pid, NULL, WNOHANG), 0, "who wants it waits");
	vf_close(&vf);
	check(waitpid(pid, &status, 0) == pid && !status, "and has it when it is closed");
	return check_result();
}
