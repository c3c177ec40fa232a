// SPDX-License-Identifier: GPL-2.0-or-later
/* What a disk is (virtio 1.3, 5.2): features, queues, struct virtio_blk_config. */
#include "blk.h"
#include "bytes.h"
#include "fn.h"
#include "request.h"

#define NIC_F_BLK                                                                        \
	(NIC_F_BLK_SIZE_MAX | NIC_F_BLK_SEG_MAX | NIC_F_BLK_BLK_SIZE | NIC_F_BLK_FLUSH | \
	 NIC_F_BLK_CONFIG_WCE | NIC_F_BLK_DISCARD | NIC_F_BLK_WRITE_ZEROES)

#define CFG_CAPACITY 0u
#define CFG_SIZE_MAX 8u
#define CFG_SEG_MAX 12u
#define CFG_BLK_SIZE 20u
#define CFG_WRITEBACK 32u
#define CFG_NUM_QUEUES 34u
#define CFG_MAX_DISCARD_SECTORS 36u
#define CFG_MAX_DISCARD_SEG 40u
#define CFG_DISCARD_ALIGNMENT 44u
#define CFG_MAX_ZEROES_SECTORS 48u
#define CFG_MAX_ZEROES_SEG 52u
#define CFG_ZEROES_MAY_UNMAP 56u

static const uint8_t config_start[] = {
	CFG_CAPACITY,
	CFG_SIZE_MAX,
	CFG_SEG_MAX,
	16, /* geometry: cylinders, heads, sectors */
	18,
	19,
	CFG_BLK_SIZE,
	24, /* topology */
	25,
	26,
	28,
	CFG_WRITEBACK,
	33, /* unused0 */
	CFG_NUM_QUEUES,
	CFG_MAX_DISCARD_SECTORS,
	CFG_MAX_DISCARD_SEG,
	CFG_DISCARD_ALIGNMENT,
	CFG_MAX_ZEROES_SECTORS,
	CFG_MAX_ZEROES_SEG,
	CFG_ZEROES_MAY_UNMAP,
	57, /* unused1 */
	60, /* secure erase */
	64,
	68,
	72, /* zones: five numbers, model, unused2 */
	76,
	80,
	84,
	88,
	92,
	93,
	NIC_BLK_CFG_LEN,
};

static unsigned int nr_queues(unsigned int pairs)
{
	return pairs;
}

static uint64_t offered(unsigned int pairs)
{
	return NIC_F_BLK | (pairs > 1 ? NIC_F_BLK_MQ : 0);
}

static bool acceptable(const struct nic_fn *f)
{
	(void)f;
	return true;
}

static enum nic_role role(const struct nic_fn *f, unsigned int q)
{
	return !q || nic_fn_has(f, NIC_F_BLK_MQ) ? NIC_ROLE_REQUEST : NIC_ROLE_NONE;
}

static bool served(const struct nic_fn *f, enum nic_role role, unsigned int q)
{
	(void)f;
	(void)q;
	return role == NIC_ROLE_REQUEST;
}

/* A driver that has no indirect descriptors needs two for header and status. */
static uint32_t seg_max(const struct nic *nic)
{
	uint32_t room = nic->set.queue_size > 2 ? nic->set.queue_size - 2u : 1;

	return room < NIC_REQUEST_SEGS ? room : NIC_REQUEST_SEGS;
}

static void config(const struct nic *nic, unsigned int fn, uint8_t *config)
{
	nic_put_le(config + CFG_CAPACITY, nic->set.disk_size / NIC_SECTOR, 8);
	nic_put_le(config + CFG_SIZE_MAX, NIC_REQUEST_SEG_LEN, 4);
	nic_put_le(config + CFG_SEG_MAX, seg_max(nic), 4);
	nic_put_le(config + CFG_BLK_SIZE, NIC_SECTOR, 4);
	config[CFG_WRITEBACK] = nic->fn[fn].writeback;
	nic_put_le(config + CFG_NUM_QUEUES, nic->fn[fn].max_pairs, 2);
	nic_put_le(config + CFG_MAX_DISCARD_SECTORS, NIC_REQUEST_RANGE, 4);
	nic_put_le(config + CFG_MAX_DISCARD_SEG, NIC_REQUEST_RANGES, 4);
	nic_put_le(config + CFG_DISCARD_ALIGNMENT, 1, 4);
	nic_put_le(config + CFG_MAX_ZEROES_SECTORS, NIC_REQUEST_RANGE, 4);
	nic_put_le(config + CFG_MAX_ZEROES_SEG, NIC_REQUEST_RANGES, 4);
	config[CFG_ZEROES_MAY_UNMAP] = 1;
}

/* The cache mode is the driver's to choose, if it has said that it would. */
static bool config_write(struct nic_fn *f, enum nic_interface through, unsigned int offset,
			 const uint8_t *bytes, unsigned int len)
{
	if (f->interface != through || offset != CFG_WRITEBACK || len != 1 || bytes[0] > 1 ||
	    !nic_fn_has(f, NIC_F_BLK_CONFIG_WCE))
		return false;
	f->writeback = bytes[0];
	return true;
}

static void reset(struct nic *nic, unsigned int fn)
{
	nic->fn[fn].writeback = true;
}

const struct nic_type_ops nic_blk = {
	.config_start = config_start,
	.config_len = NIC_BLK_CFG_LEN,
	.nr_queues = nr_queues,
	.offered = offered,
	.acceptable = acceptable,
	.role = role,
	.served = served,
	.serve = nic_request,
	.config = config,
	.config_write = config_write,
	.reset = reset,
};
