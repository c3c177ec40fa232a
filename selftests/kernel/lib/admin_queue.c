// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <linux/pci_regs.h>

#include <vvb/modern.h>

#include "admin_queue.h"
#include "punt.h"

#define ADMIN_QUEUE_INDEX 60 /* in the common configuration */
#define QUEUE_SIZE 16
#define NO_VECTOR 0xffff
#define COMMAND_MS 5000

#define FEATURES                                                                                   \
	(1ull << 32 /* VERSION_1 */ | 1ull << 33 /* ACCESS_PLATFORM */ | 1ull << 37 /* SR_IOV */ | \
	 1ull << 41 /* ADMIN_VQ */)

#define OP_LIST_QUERY 0
#define OP_LIST_USE 1

/* ---- registers ---- */

static uint64_t get(const struct admin_queue *aq, unsigned int at, unsigned int width)
{
	uint64_t value = 0;

	return vf_read(aq->pf, aq->common + at, &value, width) == (ssize_t)width ? value : ~0ull;
}

static void put(const struct admin_queue *aq, unsigned int at, unsigned int width, uint64_t value)
{
	(void)vf_write(aq->pf, aq->common + at, &value, width);
}

static void put_address(const struct admin_queue *aq, unsigned int at, const volatile void *p)
{
	uint64_t iova = vf_iova(aq->pf, (const void *)p);

	put(aq, at, 4, iova & 0xffffffff);
	put(aq, at + 4, 4, iova >> 32);
}

static uint64_t place(const struct vf *pf, const struct vvb_modern_place *area)
{
	struct vfio_region_info info;

	return vf_region(pf, area->bar, &info) ? 0 : info.offset + area->offset;
}

static const char *find(const struct vf *pf, struct vvb_modern_places *places)
{
	uint8_t config[VVB_MODERN_CONFIG_LEN];
	__u64 len[VVB_MODERN_BARS] = {};
	struct vfio_region_info info;

	for (unsigned int bar = 0; bar < VVB_MODERN_BARS; bar++)
		len[bar] = vf_region(pf, bar, &info) ? 0 : info.size;
	if (vf_config_read(pf, 0, config, sizeof(config)) != sizeof(config))
		return "config space";
	return vvb_modern_find(config, len, places);
}

/* ---- up ---- */

static int agree(const struct admin_queue *aq)
{
	uint64_t offered;

	put(aq, VVB_MODERN_DEVICE_FEATURE_SELECT, 4, 1);
	offered = get(aq, VVB_MODERN_DEVICE_FEATURE, 4) << 32;
	if ((offered & FEATURES) != FEATURES)
		return -EOPNOTSUPP;
	put(aq, VVB_MODERN_DRIVER_FEATURE_SELECT, 4, 0);
	put(aq, VVB_MODERN_DRIVER_FEATURE, 4, 0);
	put(aq, VVB_MODERN_DRIVER_FEATURE_SELECT, 4, 1);
	put(aq, VVB_MODERN_DRIVER_FEATURE, 4, FEATURES >> 32);
	put(aq, VVB_MODERN_STATUS, 1,
	    VVB_MODERN_S_ACKNOWLEDGE | VVB_MODERN_S_DRIVER | VVB_MODERN_S_FEATURES_OK);
	return get(aq, VVB_MODERN_STATUS, 1) & VVB_MODERN_S_FEATURES_OK ? 0 : -EPROTO;
}

static int set_queue(struct admin_queue *aq, const struct vvb_modern_places *places)
{
	int err = vring_init(&aq->ring, aq->pf, QUEUE_SIZE);

	aq->command = vf_dma_alloc(aq->pf, ADMIN_QUEUE_PART, 8);
	aq->result = vf_dma_alloc(aq->pf, ADMIN_QUEUE_PART, 8);
	if (err || !aq->command || !aq->result)
		return -ENOMEM;
	aq->index = (uint16_t)get(aq, ADMIN_QUEUE_INDEX, 2);
	put(aq, VVB_MODERN_QUEUE_SELECT, 2, aq->index);
	put(aq, VVB_MODERN_QUEUE_SIZE, 2, QUEUE_SIZE);
	put(aq, VVB_MODERN_QUEUE_VECTOR, 2, NO_VECTOR);
	put_address(aq, VVB_MODERN_QUEUE_DESC, aq->ring.desc);
	put_address(aq, VVB_MODERN_QUEUE_DRIVER, aq->ring.avail);
	put_address(aq, VVB_MODERN_QUEUE_DEVICE, aq->ring.used);
	aq->doorbell = place(aq->pf, &places->area[VVB_MODERN_NOTIFY]) +
		       get(aq, VVB_MODERN_QUEUE_NOTIFY_OFF, 2) * places->multiplier;
	put(aq, VVB_MODERN_QUEUE_ENABLE, 2, 1);
	put(aq, VVB_MODERN_STATUS, 1,
	    VVB_MODERN_S_ACKNOWLEDGE | VVB_MODERN_S_DRIVER | VVB_MODERN_S_FEATURES_OK |
		    VVB_MODERN_S_DRIVER_OK);
	return 0;
}

static void header(uint8_t *command, uint16_t opcode)
{
	memset(command, 0, VVB_ADMIN_HDR_LEN);
	vvb_put_le(command, opcode, 2);
	vvb_put_le(command + 2, VVB_GROUP_SRIOV, 2);
}

/* All that the device can do is to be done. */
static int use_all(struct admin_queue *aq)
{
	uint8_t command[VVB_ADMIN_HDR_LEN + 8], result[VVB_RESULT_HDR_LEN + 8] = {};
	int n;

	header(command, OP_LIST_QUERY);
	n = admin_queue_run(aq, command, VVB_ADMIN_HDR_LEN, result, 8, COMMAND_MS);
	if (n < VVB_RESULT_HDR_LEN || vvb_get_le(result, 2))
		return n < 0 ? n : -EPROTO;
	header(command, OP_LIST_USE);
	memcpy(command + VVB_ADMIN_HDR_LEN, result + VVB_RESULT_HDR_LEN, 8);
	n = admin_queue_run(aq, command, sizeof(command), result, 0, COMMAND_MS);
	if (n < VVB_RESULT_HDR_LEN || vvb_get_le(result, 2))
		return n < 0 ? n : -EPROTO;
	return 0;
}

int admin_queue_open(struct admin_queue *aq, struct vf *pf, const char **why)
{
	struct vvb_modern_places places;
	int err;

	*aq = (struct admin_queue) { .pf = pf };
	vf_command(pf, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 0);
	*why = find(pf, &places);
	if (*why)
		return -EOPNOTSUPP;
	aq->common = place(pf, &places.area[VVB_MODERN_COMMON]);
	*why = "reset";
	put(aq, VVB_MODERN_STATUS, 1, 0);
	if (get(aq, VVB_MODERN_STATUS, 1))
		return -EPROTO;
	put(aq, VVB_MODERN_STATUS, 1, VVB_MODERN_S_ACKNOWLEDGE | VVB_MODERN_S_DRIVER);
	*why = "features";
	err = agree(aq);
	if (err)
		return err;
	*why = "queue";
	err = set_queue(aq, &places);
	if (err)
		return err;
	*why = "LIST_USE";
	return use_all(aq);
}

/* ---- a command ---- */

int admin_queue_run(struct admin_queue *aq, const void *command, uint32_t len, void *result,
		    uint32_t result_len, int timeout_ms)
{
	const struct vring_sg sg[] = {
		{ aq->command, len, 0 },
		{ aq->result, VVB_RESULT_HDR_LEN + result_len, 1 },
	};
	long until = punt_now_ms() + timeout_ms;
	uint32_t wrote = 0;
	int head;

	if (len > ADMIN_QUEUE_PART || sg[1].len > ADMIN_QUEUE_PART)
		return -ENOSPC;
	memcpy(aq->command, command, len);
	memset(aq->result, 0, ADMIN_QUEUE_PART);
	head = vring_add(&aq->ring, sg, 2, 0);
	if (head < 0)
		return head;
	(void)vf_write(aq->pf, aq->doorbell, &aq->index, sizeof(aq->index));
	for (;;) {
		head = vring_take(&aq->ring, &wrote);
		if (head >= 0)
			break;
		if (punt_now_ms() > until)
			return -ETIMEDOUT;
		usleep(50);
	}
	if (wrote > sg[1].len)
		return -EPROTO;
	memcpy(result, aq->result, wrote);
	return (int)wrote;
}
