// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Every legacy register in every legal width and direction: legacy_registers VF [brief]
 *
 * What only our driver does (accesses wider or narrower than a field, all of the device
 * configuration) is checked when the VF is ours; with the kernel's own driver it is left
 * out, as that sends an access to the device as it is. `brief` leaves out the thousands
 * of reads that take long where each field of them is punted.
 */
#include <linux/pci_regs.h>
#include <sys/eventfd.h>

#include "check_vf.h"
#include "legacy.h"
#include "net.h"
#include "stats.h"

#define MAC_LEN 6
#define CONFIG_STATUS 6
#define CONFIG_PAIRS 8
#define CONFIG_MTU 10
#define CONFIG_LEN 24 /* of the device model */

static struct vf vf;
static int ours;

static const struct {
	const char *name;
	unsigned int pos, width;
} common[] = {
	{ "device_features", 0, 4 }, { "driver_features", 4, 4 }, { "queue_address", 8, 4 },
	{ "queue_size", 12, 2 },     { "queue_select", 14, 2 },	  { "queue_notify", 16, 2 },
	{ "device_status", 18, 1 },  { "isr_status", 19, 1 },	  { "config_vector", 20, 2 },
	{ "queue_vector", 22, 2 },
};

static unsigned int common_nr(int msix)
{
	return msix ? 10 : 8;
}

/* Whole fields, each in one access of its own width: what everything else must equal. */
static void read_image(int msix, uint8_t *image)
{
	unsigned int config = msix ? LEGACY_CONFIG_MSIX : LEGACY_CONFIG;
	unsigned int i;

	memset(image, 0xff, 256);
	for (i = 0; i < common_nr(msix); i++)
		legacy_read(&vf, common[i].pos, image + common[i].pos, common[i].width);
	for (i = 0; i < CONFIG_LEN; i++)
		legacy_read(&vf, config + i, image + config + i, 1);
}

static void msix(int on)
{
	static int fds[3] = { -1, -1, -1 };
	static int is_on;
	unsigned int i;
	int err;

	if (on == is_on)
		return;
	for (i = 0; i < 3; i++)
		if (fds[i] < 0)
			fds[i] = eventfd(0, EFD_CLOEXEC);
	err = vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, fds, on ? 3 : 0);
	if (err)
		check_die("MSI-X %s: %s", on ? "on" : "off", strerror(-err));
	is_on = on;
}

static void device_reset(void)
{
	check_eq(legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0), 0, "device_status: 0 written");
}

static void reset_values(void)
{
	device_reset();
	check(legacy_get32(&vf, 0) != ~0u && legacy_get32(&vf, 0), "device_features: %08x",
	      legacy_get32(&vf, 0));
	check(legacy_get32(&vf, 0) & NET_F_MAC, "device_features: MAC");
	check_eq(legacy_get32(&vf, 4), 0, "driver_features after reset");
	check_eq(legacy_get32(&vf, 8), 0, "queue_address after reset");
	check_eq(legacy_get16(&vf, 14), 0, "queue_select after reset");
	check_eq(legacy_get8(&vf, 18), 0, "device_status after reset");
	check_eq(legacy_get8(&vf, 19), 0, "isr_status after reset");
	msix(1);
	check_eq(legacy_get16(&vf, 20), LEGACY_NO_VECTOR, "config_vector after reset");
	check_eq(legacy_get16(&vf, 22), LEGACY_NO_VECTOR, "queue_vector after reset");
	msix(0);
}

static void status_and_features(void)
{
	uint32_t offered = legacy_get32(&vf, 0);

	legacy_put8(&vf, 18, 1);
	check_eq(legacy_get8(&vf, 18), 1, "device_status: ACKNOWLEDGE reads back");
	legacy_put8(&vf, 18, 3);
	check_eq(legacy_get8(&vf, 18), 3, "device_status: DRIVER reads back");
	legacy_put32(&vf, 4, offered & NET_F_MAC);
	check_eq(legacy_get32(&vf, 4), offered & NET_F_MAC, "driver_features reads back");
	legacy_put32(&vf, 0, ~offered);
	check_eq(legacy_get32(&vf, 0), offered, "device_features cannot be written");
	device_reset();
	check_eq(legacy_get8(&vf, 18), 0, "device_status: 0 resets");
	check_eq(legacy_get32(&vf, 4), 0, "driver_features: gone with the reset");
	vf_command(&vf, 0, PCI_COMMAND_MASTER);
}

static void queues(void)
{
	uint16_t size;

	legacy_put16(&vf, 14, 1);
	check_eq(legacy_get16(&vf, 14), 1, "queue_select reads back");
	size = legacy_get16(&vf, 12);
	check(size && !(size & (size - 1)), "queue_size: %u, a power of two", size);
	legacy_put16(&vf, 12, 3);
	check_eq(legacy_get16(&vf, 12), size, "queue_size cannot be written");
	legacy_put32(&vf, 8, 0x1234);
	legacy_put16(&vf, 14, 0);
	check_eq(legacy_get32(&vf, 8), 0, "queue_address: another queue's is its own");
	legacy_put32(&vf, 8, 0xabcde);
	legacy_put16(&vf, 14, 1);
	check_eq(legacy_get32(&vf, 8), 0x1234, "queue_address reads back");
	legacy_put16(&vf, 14, 0x7fff);
	check_eq(legacy_get16(&vf, 12), 0, "queue_size: 0 for a queue that does not exist");
	check_eq(legacy_get32(&vf, 8), 0, "queue_address: 0 for a queue that does not exist");
	device_reset();
}

static void check_config(int on)
{
	unsigned int at = on ? LEGACY_CONFIG_MSIX : LEGACY_CONFIG, i;
	const char *when = on ? "MSI-X on" : "MSI-X off";
	uint8_t bytes[MAC_LEN], whole[MAC_LEN];
	uint16_t word = 0;

	for (i = 0; i < MAC_LEN; i++)
		bytes[i] = legacy_get8(&vf, at + i);
	check(bytes[0] != 0xff && !(bytes[0] & 1), "%s: MAC %02x:%02x:%02x:%02x:%02x:%02x", when,
	      bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5]);
	check_eq(legacy_read(&vf, at, whole, MAC_LEN), MAC_LEN, "%s: MAC in one read", when);
	check(!memcmp(whole, bytes, MAC_LEN), "%s: MAC the same in one read", when);
	for (i = 0; i + 2 <= MAC_LEN; i++) {
		word = legacy_get16(&vf, at + i);
		if (word != (bytes[i] | bytes[i + 1] << 8))
			break;
	}
	check_eq(i, MAC_LEN - 1, "%s: MAC by words at every offset", when);
	for (i = 0; i + 4 <= MAC_LEN; i++) {
		uint32_t dword = legacy_get32(&vf, at + i);

		if (memcmp(&dword, bytes + i, 4))
			break;
	}
	check_eq(i, MAC_LEN - 3, "%s: MAC by dwords at every offset", when);
	word = legacy_get16(&vf, at + CONFIG_STATUS);
	check_eq(word & ~3u, 0, "%s: status %u", when, word);
	check_eq(legacy_get8(&vf, at + CONFIG_STATUS), word & 0xff, "%s: status by byte", when);
	if (on && !ours) /* out of its 32 bytes */
		return;
	check(legacy_get16(&vf, at + CONFIG_PAIRS) != 0xffff, "%s: max_virtqueue_pairs %u", when,
	      legacy_get16(&vf, at + CONFIG_PAIRS));
	word = legacy_get16(&vf, at + CONFIG_MTU);
	check(word >= 68 && word != 0xffff, "%s: mtu %u", when, word);
	check_eq(legacy_get8(&vf, at + CONFIG_MTU) | legacy_get8(&vf, at + CONFIG_MTU + 1) << 8,
		 word, "%s: mtu by bytes", when);
}

static void vectors(void)
{
	msix(1);
	legacy_put16(&vf, 20, 2);
	check_eq(legacy_get16(&vf, 20), 2, "config_vector reads back");
	legacy_put16(&vf, 14, 0);
	legacy_put16(&vf, 22, 1);
	legacy_put16(&vf, 14, 1);
	check_eq(legacy_get16(&vf, 22), LEGACY_NO_VECTOR, "queue_vector: another queue's");
	legacy_put16(&vf, 22, 0x700);
	check_eq(legacy_get16(&vf, 22), LEGACY_NO_VECTOR, "queue_vector: no such vector");
	legacy_put16(&vf, 14, 0);
	check_eq(legacy_get16(&vf, 22), 1, "queue_vector reads back");
	check_config(1);
	msix(0);
	check_config(0);
	msix(1);
	check_eq(legacy_get16(&vf, 22), 1, "queue_vector: still there after MSI-X off and on");
	check_eq(legacy_get16(&vf, 20), 2, "config_vector: still there after MSI-X off and on");
	device_reset();
	check_eq(legacy_get16(&vf, 20), LEGACY_NO_VECTOR, "config_vector: gone with the reset");
	msix(0);
}

/* Registers in a state in which no two neighbours are alike. */
static void colour(int on)
{
	device_reset();
	msix(on);
	legacy_put8(&vf, 18, 3);
	vf_command(&vf, 0, PCI_COMMAND_MASTER); /* which came with that */
	legacy_put32(&vf, 4, legacy_get32(&vf, 0) & (NET_F_MAC | NET_F_MRG_RXBUF));
	legacy_put16(&vf, 14, 1);
	legacy_put32(&vf, 8, 0x00345678);
	if (on) {
		legacy_put16(&vf, 20, 2);
		legacy_put16(&vf, 22, 1);
	}
}

/* Does a read give what it must, by an @image of the whole fields? */
static int reads_right(const uint8_t *image, int on, unsigned int pos, unsigned int len)
{
	uint8_t want[64], got[64];

	legacy_expect(image, on, pos, len, want);
	memset(got, 0x5a, sizeof(got));
	return legacy_read(&vf, pos, got, len) == (ssize_t)len && !memcmp(got, want, len);
}

/* Any position, any length. */
static void reads_anywhere(int on)
{
	unsigned int pos, len, wrong = 0, tried = 0;
	uint8_t image[256];

	colour(on);
	read_image(on, image);
	for (pos = 0; pos < vf.bar0_size; pos++)
		for (len = 1; len <= 64 && pos + len <= vf.bar0_size; len++) {
			tried++;
			if (!reads_right(image, on, pos, len) && !wrong++)
				check_note("first wrong one: %u bytes at %u", len, pos);
		}
	check_eq(wrong, 0, "MSI-X %s: %u reads of any length at any position", on ? "on" : "off",
		 tried);
	msix(0);
}

static void wide_reads(int on)
{
	static const struct {
		unsigned int pos, len;
	} wide[] = {
		{ 14, 4 }, { 12, 4 }, { 16, 4 }, { 0, 8 },  { 0, 20 }, { 0, 24 }, { 17, 3 },
		{ 18, 4 }, { 18, 8 }, { 20, 4 }, { 22, 6 }, { 24, 8 }, { 0, 48 },
	};
	uint8_t image[256];
	unsigned int i;

	colour(on);
	read_image(on, image);
	for (i = 0; i < ARRAY_SIZE(wide); i++)
		check(reads_right(image, on, wide[i].pos, wide[i].len),
		      "MSI-X %s: read of %u bytes at %u", on ? "on" : "off", wide[i].len,
		      wide[i].pos);
	msix(0);
}

static void wide_writes(void)
{
	struct {
		uint32_t features, address;
	} __attribute__((packed)) two;
	uint16_t words[3] = { 1, 0, 0x55 }; /* select, notify, status and ISR */

	colour(0);
	two.features = NET_F_MAC;
	two.address = 0x777;
	check_eq(legacy_write(&vf, 4, &two, 8), 8, "8 bytes written at 4");
	check_eq(legacy_get32(&vf, 4), NET_F_MAC, "driver_features");
	check_eq(legacy_get32(&vf, 8), 0x00345678, "queue_address is left alone");
	legacy_put16(&vf, 14, 0);
	check_eq(legacy_write(&vf, 14, words, 6), 6, "6 bytes written at 14");
	check_eq(legacy_get16(&vf, 14), 1, "queue_select");
	check_eq(legacy_get8(&vf, 18), 3, "device_status is left alone");
	device_reset();
}

/* From the start of a register on it is zero-extended; inside of one it is dropped. */
static void narrow_writes(void)
{
	__u64 before = stats_event(vf.bdf, VVB_EV_PARTIAL_WRITE);
	unsigned int i, tried = 0;
	uint8_t image[256], after[256];

	colour(0);
	read_image(0, image);
	for (i = 5; i < 18; i++)
		if (i != 8 && i != 12 && i != 14 && i != 16) {
			legacy_put8(&vf, i, 0x5a);
			legacy_put32(&vf, i, 0x5a5a5a5a);
			tried += 2;
		}
	read_image(0, after);
	check(!memcmp(image, after, sizeof(image)), "%u writes inside of fields dropped", tried);
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_PARTIAL_WRITE) - before), tried,
		 "and counted");
	legacy_put8(&vf, 8, 0x5a);
	check_eq(legacy_get32(&vf, 8), 0x5a, "one byte at the start of queue_address");
	legacy_put16(&vf, 4, NET_F_MAC);
	check_eq(legacy_get32(&vf, 4), NET_F_MAC, "two at the start of driver_features");
	legacy_put8(&vf, 14, 0);
	check_eq(legacy_get16(&vf, 14), 0, "one at the start of queue_select");
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_PARTIAL_WRITE) - before), tried,
		 "none of these is dropped");
	device_reset();
}

static void beyond_config(void)
{
	__u64 before = stats_event(vf.bdf, VVB_EV_BEYOND_CONFIG);
	unsigned int at = LEGACY_CONFIG + CONFIG_LEN;

	check_eq(legacy_get32(&vf, at), 0xffffffff, "beyond the device configuration: all-ones");
	check_eq(legacy_put32(&vf, at, 0), 0, "beyond the device configuration: write dropped");
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_BEYOND_CONFIG) - before), 2,
		 "accesses beyond the device configuration counted");
}

int main(int argc, char **argv)
{
	int on;

	if (argc < 2)
		check_die("usage: legacy_registers VF [brief]");
	check_vf_open(&vf, argv[1]);
	ours = driver_is_ours(argv[1]);
	/* no bus mastering: the rings written here are nonsense */
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, PCI_COMMAND_MASTER);
	reset_values();
	status_and_features();
	queues();
	check_config(0);
	vectors();
	if (ours) {
		wide_reads(0);
		wide_reads(1);
		for (on = 0; on < 2 && argc == 2; on++)
			reads_anywhere(on);
		wide_writes();
		narrow_writes();
		beyond_config();
	}
	vf_close(&vf);
	return check_result();
}
