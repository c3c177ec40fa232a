// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A driver of a disk that reads and writes before DRIVER_OK, as those of old systems do in their probe,
 * where they look for partitions: early_disk FUNCTION FILE
 *
 * FILE has what the disk has, and gets what is written to it. The driver waits for its first answers
 * before it says DRIVER_OK, or never says that; it looks at the ring, or is told by MSI-X or INTx; it
 * writes features before, as Linux did, or none at all.
 */
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "check_vf.h"
#include "intx.h"
#include "legacy.h"
#include "stats.h"
#include "vring.h"

#define SECTOR 512u
#define PIECE 16384u /* of one request */
#define TOGETHER 16u /* requests of one kick */
#define WAIT_MS 5000

#define FOUND (LEGACY_STATUS_ACKNOWLEDGE | LEGACY_STATUS_DRIVER)
#define F_SIZE_MAX (1u << 1)
#define F_SEG_MAX (1u << 2)
#define F_GEOMETRY (1u << 4)
#define F_BLK_SIZE (1u << 6)
#define F_FLUSH (1u << 9)

enum way {
	LOOKS,
	MSIX,
	INTX
};

enum {
	REQUEST_READ,
	REQUEST_WRITE
};

struct header {
	uint32_t type;
	uint32_t priority;
	uint64_t sector;
};

/* One of the requests under way, in DMA memory. */
struct request {
	struct header header;
	uint8_t data[PIECE];
	uint8_t status;
};

static struct vf vf;
static struct vring ring;
static struct request *request[TOGETHER];
static uint8_t *file;
static size_t size;
static int event;

static void map_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		check_die("%s: %s", path, strerror(errno));
	size = (size_t)st.st_size;
	file = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (file == MAP_FAILED || size % (TOGETHER * PIECE))
		check_die("%s: no multiple of %u bytes", path, TOGETHER * PIECE);
	close(fd);
}

/* ---- how it is told ---- */

static void interrupts_on(enum way way)
{
	if (way == LOOKS)
		return;
	event = intx_event();
	if (way == INTX) {
		check_eq(intx_on(&vf, event), 0, "INTx on");
		return;
	}
	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, &event, 1), 0, "MSI-X on");
	legacy_put16(&vf, LEGACY_QUEUE_VECTOR, 0);
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_VECTOR), 0, "queue_vector");
}

static void interrupts_off(enum way way)
{
	if (way == LOOKS)
		return;
	if (way == INTX)
		intx_off(&vf);
	else
		vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, NULL, 0);
	close(event);
}

/* Return: 0, or the time is up. */
static int told(enum way way)
{
	if (way == LOOKS) {
		usleep(200);
		return 0;
	}
	if (!intx_signals(event, (int)check_ms(WAIT_MS)))
		return -ETIMEDOUT;
	if (way == INTX) {
		legacy_get8(&vf, LEGACY_ISR_STATUS);
		return intx_unmask(&vf);
	}
	return 0;
}

/* ---- requests ---- */

static void queue_request(struct request *r, unsigned int type, size_t at)
{
	const struct vring_sg sg[] = {
		{ &r->header, sizeof(r->header), 0 },
		{ r->data, PIECE, type == REQUEST_READ },
		{ &r->status, 1, 1 },
	};

	r->header = (struct header) { .type = type, .sector = at / SECTOR };
	r->status = 0xff;
	memset(r->data, 0, PIECE);
	if (type == REQUEST_WRITE)
		memcpy(r->data, file + at, PIECE);
	if (vring_add(&ring, sg, ARRAY_SIZE(sg), 0) < 0)
		check_die("no room in the ring");
}

/* All requests come back. Return: 0, or the time is up. */
static int all_back(enum way way)
{
	unsigned int left = TOGETHER, patience = (unsigned int)check_ms(WAIT_MS) * 5;
	uint32_t len;
	int err = 0;

	while (left && !err && patience--) {
		err = told(way);
		while (left && vring_take(&ring, &len) >= 0)
			left--;
	}
	return left ? -ETIMEDOUT : err;
}

/* @TOGETHER pieces from @at on, by one kick. Return: 0 or a negative errno. */
static int transfer(enum way way, unsigned int type, size_t at)
{
	unsigned int i;
	int err;

	for (i = 0; i < TOGETHER; i++)
		queue_request(request[i], type, at + i * PIECE);
	legacy_put16(&vf, LEGACY_QUEUE_NOTIFY, 0);
	err = all_back(way);
	for (i = 0; i < TOGETHER && !err; i++)
		if (request[i]->status || memcmp(request[i]->data, file + at + i * PIECE, PIECE))
			err = -EIO;
	return err;
}

/* Other bytes for the file, and for the disk what the file has. */
static int change(enum way way, size_t at)
{
	unsigned int i;

	for (i = 0; i < TOGETHER * PIECE; i++)
		file[at + i] = (uint8_t)(file[at + i] * 5 + 1);
	return transfer(way, REQUEST_WRITE, at);
}

static void whole_disk(enum way way, const char *when)
{
	size_t at;
	int err = 0;

	for (at = 0; at < size && !err; at += TOGETHER * PIECE)
		err = transfer(way, REQUEST_READ, at);
	check(!err, "%s: all of the disk is read (%s)", when, strerror(-err));
	err = change(way, 0);
	if (!err)
		err = change(way, size / 2);
	check(!err, "%s: written (%s)", when, strerror(-err));
	err = transfer(way, REQUEST_READ, size / 2);
	check(!err, "%s: and read (%s)", when, strerror(-err));
}

/* ---- one driver ---- */

static void choose_features(void)
{
	const uint32_t known = F_SIZE_MAX | F_SEG_MAX | F_GEOMETRY | F_BLK_SIZE | F_FLUSH;

	legacy_put32(&vf, LEGACY_DRIVER_FEATURES,
		     legacy_get32(&vf, LEGACY_DEVICE_FEATURES) & known);
}

static void setup_queue(void)
{
	unsigned int i;
	uint16_t entries;

	legacy_put16(&vf, LEGACY_QUEUE_SELECT, 0);
	entries = legacy_get16(&vf, LEGACY_QUEUE_SIZE);
	if (!check(entries >= 3 * TOGETHER, "a queue of %u entries", entries) ||
	    vring_init(&ring, &vf, entries))
		check_die("no ring");
	for (i = 0; i < TOGETHER; i++) {
		request[i] = vf_dma_alloc(&vf, sizeof(*request[i]), 16);
		if (!request[i])
			check_die("no memory for requests");
	}
	legacy_put32(&vf, LEGACY_QUEUE_ADDRESS, ring.pfn);
	check_eq(legacy_get32(&vf, LEGACY_QUEUE_ADDRESS), ring.pfn, "queue address");
}

static void find_device(int features)
{
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0);
	check_eq(legacy_get8(&vf, LEGACY_DEVICE_STATUS), 0, "reset");
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, LEGACY_STATUS_ACKNOWLEDGE);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, FOUND);
	if (features)
		choose_features();
	setup_queue();
}

static void driver(enum way way, int features, int says_ok)
{
	static const char *const names[] = { "it looks", "MSI-X", "INTx" };
	__u64 before = stats_event(vf.bdf, VVB_EV_EARLY_DRIVER_OK);

	check_note("%s, %s, %s", names[way], features ? "features" : "no features",
		   says_ok ? "DRIVER_OK later" : "no DRIVER_OK");
	find_device(features);
	interrupts_on(way);
	whole_disk(way, "before DRIVER_OK");
	check_eq(legacy_get8(&vf, LEGACY_DEVICE_STATUS), FOUND, "device_status is the driver's");
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_EARLY_DRIVER_OK) - before), 1,
		 "DRIVER_OK on its behalf, once");
	if (says_ok) {
		legacy_put8(&vf, LEGACY_DEVICE_STATUS, FOUND | LEGACY_STATUS_DRIVER_OK);
		check_eq(legacy_get8(&vf, LEGACY_DEVICE_STATUS), FOUND | LEGACY_STATUS_DRIVER_OK,
			 "DRIVER_OK");
		whole_disk(way, "behind DRIVER_OK");
	}
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0);
	interrupts_off(way);
	vf_dma_free_all(&vf);
}

int main(int argc, char **argv)
{
	uint32_t capacity;
	enum way way;

	if (argc != 3)
		check_die("usage: early_disk FUNCTION FILE");
	map_file(argv[2]);
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	capacity = legacy_get32(&vf, LEGACY_CONFIG);
	check_eq((long long)capacity * SECTOR, (long long)size, "capacity");
	for (way = LOOKS; way <= INTX; way++) {
		driver(way, 1, 1);
		driver(way, 1, 0);
		driver(way, 0, 1);
		driver(way, 0, 0);
	}
	vf_close(&vf);
	return check_result();
}
