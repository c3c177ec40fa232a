// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One request of a disk (virtio 1.3, 5.2.6). However it is cut into descriptors, its header is
 * the first 16 bytes that the device may read, its status the last byte that it may write, and
 * what is between is data. A legacy driver's numbers are in its own byte order, which is little
 * endian here.
 */
#include <string.h>

#include "bytes.h"
#include "chain.h"
#include "fn.h"
#include "request.h"
#include "ring.h"

enum {
	T_IN = 0,
	T_OUT = 1,
	T_FLUSH = 4,
	T_GET_ID = 8,
	T_DISCARD = 11,
	T_WRITE_ZEROES = 13,
};

#define S_OK 0
#define S_IOERR 1
#define S_UNSUPP 2
#define S_UNREACHABLE (-1) /* memory that can't be read or written: no status, a broken queue */

#define HDR_LEN 16u
#define STATUS_LEN 1u
#define ID_LEN 20u
#define RANGE_LEN 16u
#define RANGE_UNMAP 1u

#define DATA_MAX (NIC_REQUEST_SEGS * NIC_REQUEST_SEG_LEN)

/**
 * struct request - one request
 * @out_len, @in_len: bytes of data to read and to write
 * @filled:	of @in_len, so many have been written
 * @moved:	bytes that were copied or cleared
 */
struct request {
	unsigned int fn;
	const struct nic_chain *chain;
	uint32_t type;
	uint64_t sector;
	uint64_t out_len;
	uint64_t in_len;
	uint64_t filled;
	uint64_t moved;
};

/* Where @len bytes from @sector on are; NULL where the disk has no such sectors. */
static uint8_t *place(struct nic *nic, unsigned int fn, uint64_t sector, uint64_t len)
{
	uint64_t capacity = nic->set.disk_size / NIC_SECTOR;

	if (sector > capacity || len / NIC_SECTOR > capacity - sector)
		return NULL;
	return nic->disk + fn * nic->set.disk_size + sector * NIC_SECTOR;
}

static uint8_t *place_of_data(struct nic *nic, const struct request *r, uint64_t len)
{
	if (len % NIC_SECTOR || len > DATA_MAX)
		return NULL;
	return place(nic, r->fn, r->sector, len);
}

static int read_data(struct nic *nic, struct request *r)
{
	const uint8_t *from = place_of_data(nic, r, r->in_len);

	if (!from)
		return S_IOERR;
	r->moved = r->in_len;
	if (nic_chain_write(nic, r->fn, r->chain, 0, from, (size_t)r->in_len))
		return S_UNREACHABLE;
	r->filled = r->in_len;
	nic->fn[r->fn].count.reads++;
	return S_OK;
}

static int write_data(struct nic *nic, struct request *r)
{
	uint8_t *to = place_of_data(nic, r, r->out_len);

	if (!to)
		return S_IOERR;
	r->moved = r->out_len;
	if (nic_chain_read(nic, r->fn, r->chain, HDR_LEN, to, (size_t)r->out_len))
		return S_UNREACHABLE;
	nic->fn[r->fn].count.writes++;
	return S_OK;
}

/* What was written is where it stays already. */
static int flush(struct nic *nic, struct request *r)
{
	struct nic_fn *f = &nic->fn[r->fn];

	if (!nic_fn_has(f, NIC_F_BLK_FLUSH))
		return S_UNSUPP;
	f->count.flushes++;
	return S_OK;
}

static int get_id(struct nic *nic, struct request *r)
{
	char id[ID_LEN] = "vvb-blk-";

	if (r->in_len < ID_LEN)
		return S_IOERR;
	id[strlen(id)] = (char)('0' + r->fn / 10);
	id[strlen(id)] = (char)('0' + r->fn % 10);
	if (nic_chain_write(nic, r->fn, r->chain, 0, id, ID_LEN))
		return S_UNREACHABLE;
	r->filled = ID_LEN;
	return S_OK;
}

/* A range of sectors, as discard and write zeroes have them. */
struct range {
	uint64_t sector;
	uint32_t nr;
	uint32_t flags;
};

static struct range range_at(const uint8_t *raw)
{
	struct range range = {
		.sector = nic_get_le(raw, 8),
		.nr = (uint32_t)nic_get_le(raw + 8, 4),
		.flags = (uint32_t)nic_get_le(raw + 12, 4),
	};

	return range;
}

static uint8_t *place_of_range(struct nic *nic, const struct request *r, const struct range *range)
{
	if (range->nr > NIC_REQUEST_RANGE)
		return NULL;
	return place(nic, r->fn, range->sector, (uint64_t)range->nr * NIC_SECTOR);
}

/* @flags: those that it may have. */
static int range_status(struct nic *nic, const struct request *r, const uint8_t *raw,
			uint32_t flags)
{
	struct range range = range_at(raw);

	if (range.flags & ~flags)
		return S_UNSUPP;
	return place_of_range(nic, r, &range) ? S_OK : S_IOERR;
}

static void range_clear(struct nic *nic, struct request *r, const uint8_t *raw)
{
	struct range range = range_at(raw);
	size_t len = (size_t)range.nr * NIC_SECTOR;

	memset(place_of_range(nic, r, &range), 0, len);
	r->moved += len;
}

/*
 * All ranges or none. Discarded sectors are cleared, too: a driver is not told what is in them,
 * so nothing is as good as anything.
 */
static int clear(struct nic *nic, struct request *r, uint32_t flags, uint64_t *count)
{
	uint8_t ranges[NIC_REQUEST_RANGES * RANGE_LEN];
	size_t len = (size_t)r->out_len, at;
	int status;

	if (!r->out_len || r->out_len % RANGE_LEN || r->out_len > sizeof(ranges))
		return S_IOERR;
	if (nic_chain_read(nic, r->fn, r->chain, HDR_LEN, ranges, len))
		return S_UNREACHABLE;
	for (at = 0; at < len; at += RANGE_LEN) {
		status = range_status(nic, r, ranges + at, flags);
		if (status)
			return status;
	}
	for (at = 0; at < len; at += RANGE_LEN)
		range_clear(nic, r, ranges + at);
	++*count;
	return S_OK;
}

static int execute(struct nic *nic, struct request *r)
{
	struct nic_fn *f = &nic->fn[r->fn];

	switch (r->type) {
	case T_IN:
		return read_data(nic, r);
	case T_OUT:
		return write_data(nic, r);
	case T_FLUSH:
		return flush(nic, r);
	case T_GET_ID:
		return get_id(nic, r);
	case T_DISCARD:
		if (nic_fn_has(f, NIC_F_BLK_DISCARD))
			return clear(nic, r, 0, &f->count.discards);
		return S_UNSUPP;
	case T_WRITE_ZEROES:
		if (nic_fn_has(f, NIC_F_BLK_WRITE_ZEROES))
			return clear(nic, r, RANGE_UNMAP, &f->count.zeroes);
		return S_UNSUPP;
	default:
		return S_UNSUPP;
	}
}

/* Takes it apart. Without a whole header, or room for a status, it is none. */
static int request_read(struct nic *nic, struct request *r)
{
	const struct nic_chain *chain = r->chain;
	uint8_t hdr[HDR_LEN];

	if (chain->out_len < HDR_LEN || chain->in_len < STATUS_LEN ||
	    nic_chain_read(nic, r->fn, chain, 0, hdr, sizeof(hdr)))
		return -1;
	r->type = (uint32_t)nic_get_le(hdr, 4);
	r->sector = nic_get_le(hdr + 8, 8);
	r->out_len = chain->out_len - HDR_LEN;
	r->in_len = chain->in_len - STATUS_LEN;
	return 0;
}

/* Return: bytes written without a gap, from the first one on; -1 when that went wrong. */
static int64_t request_answer(struct nic *nic, const struct request *r, int status)
{
	uint8_t raw = (uint8_t)status;

	if (status == S_UNREACHABLE ||
	    nic_chain_write(nic, r->fn, r->chain, r->in_len, &raw, STATUS_LEN))
		return -1;
	return (int64_t)(r->filled == r->in_len ? r->in_len + STATUS_LEN : r->filled);
}

/* Serves the request in a chain of a request queue and gives the chain back. */
uint64_t nic_request(struct nic *nic, unsigned int fn, unsigned int q,
		     const struct nic_chain *chain)
{
	struct request r = { .fn = fn, .chain = chain };
	int64_t written = -1;
	int status;

	if (!request_read(nic, &r)) {
		status = execute(nic, &r);
		nic->fn[fn].count.failed += status > S_OK;
		written = request_answer(nic, &r, status);
	}
	if (written >= 0)
		nic_vq_push(nic, fn, q, chain, (uint32_t)written);
	else if (chain->gen == nic->fn[fn].vq[q].gen)
		nic_vq_break(nic, fn, q);
	return r.moved;
}
