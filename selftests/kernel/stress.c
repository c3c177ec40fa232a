// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Many threads of one VMM at one VF: stress VF [SECONDS]
 *
 * Some switch I/O decoding, MSI-X and BAR0, and reset the device; the others access BAR0 and
 * config space meanwhile. Each read must give what one of the possible states allows.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>
#include <linux/pci_regs.h>
#include <sys/eventfd.h>

#include "check_vf.h"
#include "legacy.h"
#include "net.h"

#define SECONDS 12
#define BAR0_IS_IO 1u

static struct vf vf;
static atomic_bool over;
static uint32_t features;
static uint8_t config[20]; /* device configuration */
static const uint32_t bases[] = { 0xc000, 0x1234c000, 0xfffffffc };

/* What a thread did, and what it saw that cannot be. */
struct tally {
	const char *name;
	void *(*run)(void *tally);
	unsigned long done;
	unsigned long refused;
	unsigned long wrong;
	unsigned int sample;
	pthread_t thread;
};

static void wrong(struct tally *t, unsigned int what)
{
	if (!t->wrong++)
		t->sample = what;
}

static void refused(struct tally *t, ssize_t n)
{
	if (n != -EIO) {
		wrong(t, (unsigned int)n);
		return;
	}
	t->refused++; /* I/O decoding is off */
	usleep(500);
}

/* ---- those who change things ---- */

/* Both decoders on, or both off: never is one seen without the other, but after a reset. */
static void *switch_command(void *arg)
{
	struct tally *t = arg;

	while (!over) {
		vf_config_put(&vf, PCI_COMMAND, 1, PCI_COMMAND_MASTER);
		vf_config_put(&vf, PCI_COMMAND, 2,
			      PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
		usleep(3000);
		t->done++;
	}
	return NULL;
}

static void *size_bar0(void *arg)
{
	struct tally *t = arg;
	unsigned int i;

	while (!over) {
		for (i = 0; i < ARRAY_SIZE(bases); i++)
			vf_config_put(&vf, PCI_BASE_ADDRESS_0, 4, bases[i]);
		usleep(300);
		t->done++;
	}
	return NULL;
}

static void *switch_msix(void *arg)
{
	struct tally *t = arg;
	int event = eventfd(0, EFD_CLOEXEC), fds[3] = { event, event, event }, err;

	while (!over) {
		err = vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, fds, 3);
		usleep(1000);
		if (!err)
			err = vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, NULL, 0);
		if (err)
			wrong(t, (unsigned int)err);
		usleep(1000);
		t->done++;
	}
	close(event);
	return NULL;
}

static void *reset(void *arg)
{
	struct tally *t = arg;
	int err;

	while (!over) {
		err = vf_reset(&vf);
		if (err && err != -EAGAIN) /* another one is under way in the kernel */
			wrong(t, (unsigned int)err);
		usleep(400000);
		t->done++;
	}
	return NULL;
}

static void *write_registers(void *arg)
{
	struct tally *t = arg;
	unsigned int i = 0;
	int err;

	while (!over) {
		err = legacy_put16(&vf, i & 1 ? LEGACY_QUEUE_SELECT : LEGACY_QUEUE_NOTIFY,
				   (uint16_t)(i % 3));
		if (err)
			refused(t, err);
		err = legacy_put8(&vf, LEGACY_DEVICE_STATUS, i & 3);
		if (err)
			refused(t, err);
		i++;
		t->done++;
	}
	return NULL;
}

/* ---- those who look ---- */

static void *read_features(void *arg)
{
	struct tally *t = arg;
	uint32_t v;
	ssize_t n;

	while (!over) {
		n = legacy_read(&vf, LEGACY_DEVICE_FEATURES, &v, 4);
		if (n != 4)
			refused(t, n);
		else if (v != features)
			wrong(t, v);
		t->done++;
	}
	return NULL;
}

/* One access to what moves with MSI-X, several fields of it: it is all off, or all on. */
static void *read_moving(void *arg)
{
	struct tally *t = arg;
	uint8_t got[16];
	ssize_t n;

	while (!over) {
		n = legacy_read(&vf, LEGACY_CONFIG_MSIX, got, sizeof(got));
		if (n != (ssize_t)sizeof(got))
			refused(t, n);
		else if (memcmp(got, config, sizeof(got)) && memcmp(got, config + 4, sizeof(got)))
			wrong(t, (unsigned int)got[0] << 16 | (unsigned int)got[4] << 8 | got[5]);
		t->done++;
	}
	return NULL;
}

static void *read_command(void *arg)
{
	struct tally *t = arg;
	uint16_t v;

	while (!over) {
		if (vf_config_read(&vf, PCI_COMMAND, &v, 2) != 2)
			wrong(t, 0);
		else if ((v & (PCI_COMMAND_IO | PCI_COMMAND_MEMORY)) == PCI_COMMAND_IO)
			wrong(t, v);
		t->done++;
	}
	return NULL;
}

static void *read_bar0(void *arg)
{
	uint32_t mask = ~((uint32_t)vf.bar0_size - 1), v;
	struct tally *t = arg;
	unsigned int i;

	while (!over) {
		v = vf_config_get(&vf, PCI_BASE_ADDRESS_0, 4);
		for (i = 0; i < ARRAY_SIZE(bases); i++)
			if (v == ((bases[i] & mask) | BAR0_IS_IO))
				break;
		if (i == ARRAY_SIZE(bases))
			wrong(t, v);
		t->done++;
	}
	return NULL;
}

static struct tally tallies[] = {
	{ .name = "I/O and memory decoding switched", .run = switch_command },
	{ .name = "BAR0 sized and moved", .run = size_bar0 },
	{ .name = "MSI-X switched on and off", .run = switch_msix },
	{ .name = "device resets", .run = reset },
	{ .name = "registers written", .run = write_registers },
	{ .name = "device_features read", .run = read_features },
	{ .name = "what moves with MSI-X read", .run = read_moving },
	{ .name = "command register read", .run = read_command },
	{ .name = "BAR0 register read", .run = read_bar0 },
};

static void prepare(const char *bdf)
{
	check_vf_open(&vf, bdf);
	vf_config_put(&vf, PCI_BASE_ADDRESS_0, 4, bases[0]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 0);
	features = legacy_get32(&vf, LEGACY_DEVICE_FEATURES);
	check(features && features != ~0u, "device_features 0x%x", features);
	check_eq(legacy_read(&vf, LEGACY_CONFIG, config, sizeof(config)), sizeof(config),
		 "device configuration");
}

static void still_usable(void)
{
	const struct net_options options = { .features = NET_F_MAC, .msix = 1 };
	static const uint8_t frame[60] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	const char *why;
	struct net net;
	int err;

	vf_reset(&vf);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 0);
	err = net_up(&net, &vf, &options, &why);
	check(!err, "a driver comes up afterwards (%s: %s)", why, strerror(-err));
	if (!err)
		err = net_send(&net, frame, sizeof(frame), 5000);
	check(!err, "and sends a frame (%s)", strerror(-err));
	net_down(&net);
}

int main(int argc, char **argv)
{
	unsigned int i, seconds = argc > 2 ? (unsigned int)strtoul(argv[2], NULL, 0) : SECONDS;

	if (argc < 2)
		check_die("usage: stress VF [SECONDS]");
	prepare(argv[1]);
	for (i = 0; i < ARRAY_SIZE(tallies); i++)
		pthread_create(&tallies[i].thread, NULL, tallies[i].run, &tallies[i]);
	sleep(seconds);
	over = 1;
	for (i = 0; i < ARRAY_SIZE(tallies); i++) {
		struct tally *t = &tallies[i];

		pthread_join(t->thread, NULL);
		check(t->done && !t->wrong, "%s: %lu times, %lu refused, %lu wrong, as 0x%x",
		      t->name, t->done, t->refused, t->wrong, t->sample);
	}
	still_usable();
	vf_close(&vf);
	return check_result();
}
