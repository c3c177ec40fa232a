// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* A disk: its configuration, its requests through either interface, what it does not do. */
#include <string.h>

#include "driver.h"

#define F_SIZE_MAX F(1)
#define F_SEG_MAX F(2)
#define F_BLK_SIZE F(6)
#define F_FLUSH F(9)
#define F_CONFIG_WCE F(11)
#define F_MQ F(12)
#define F_DISCARD F(13)
#define F_WRITE_ZEROES F(14)
#define F_BLK \
	(F_SIZE_MAX | F_SEG_MAX | F_BLK_SIZE | F_FLUSH | F_CONFIG_WCE | F_DISCARD | F_WRITE_ZEROES)
#define BLK_MODERN (F_VERSION_1 | F_ACCESS_PLATFORM | F_BLK)

#define T_IN 0
#define T_OUT 1
#define T_FLUSH 4
#define T_GET_ID 8
#define T_DISCARD 11
#define T_WRITE_ZEROES 13

#define S_OK 0
#define S_IOERR 1
#define S_UNSUPP 2
#define S_NONE 0xee /* nothing was written */

#define SECTOR 512u
#define SECTORS 32768u /* 16 MiB */
#define CFG_LEN 96
#define CFG_WRITEBACK 32
#define RING 64

static struct nic_settings settings(void)
{
	struct nic_settings set;

	nic_settings_init(&set);
	set.type = NIC_TYPE_BLK;
	set.config_len = (uint16_t)nic_config_len(NIC_TYPE_BLK);
	set.disk_size = SECTORS * SECTOR;
	set.max_vfs = 2;
	return set;
}

static struct world *world(void)
{
	struct nic_settings set = settings();

	return world_new(&set, 2);
}

static struct ring modern(struct world *w, unsigned int fn, uint64_t features)
{
	struct ring r;

	drv_start(w, fn, features);
	cr_assert(drv_status(w, fn) & S_FEATURES_OK);
	ring_modern(&r, w, fn, 0, RING);
	drv_ok(w, fn);
	return r;
}

/* The PF is a disk, too, and has its administration queue behind the request queue. */
static struct admin admin(struct world *w)
{
	static const uint8_t all[8] = { 0x7f };
	struct admin a = { .w = w };
	struct reply r;

	drv_start(w, NIC_PF, F_VERSION_1 | F_ACCESS_PLATFORM | F_SR_IOV | F_ADMIN_VQ);
	cr_assert(drv_status(w, NIC_PF) & S_FEATURES_OK);
	ring_modern(&a.ring, w, NIC_PF, nic_admin_queue(w->nic), RING);
	drv_ok(w, NIC_PF);
	r = admin_cmd(&a, 1, GROUP, 0, all, sizeof(all), 0);
	admin_is(&r, OK);
	return a;
}

static struct ring legacy(struct admin *a, unsigned int vf, uint32_t features)
{
	struct ring r;

	legacy_start(a, vf, features);
	ring_legacy(&r, a, vf, 0);
	legacy_put(a, vf, L_STATUS, S_ACKNOWLEDGE | S_DRIVER | S_DRIVER_OK, 1);
	return r;
}

static uint64_t header(struct world *w, uint32_t type, uint64_t sector)
{
	uint64_t at = world_alloc(w, 16, 16);

	world_put(w, at, type, 4);
	world_put(w, at + 8, sector, 8);
	return at;
}

/* Puts the chain into the queue, and kicks. The last byte of the last buffer is the status. */
static uint8_t ask(struct ring *r, const struct buf *bufs, unsigned int n, uint32_t *used)
{
	const struct buf *last = &bufs[n - 1];
	uint32_t id, len;

	world_put(r->w, last->addr + last->len - 1, S_NONE, 1);
	ring_add(r, bufs, n);
	ring_kick(r);
	if (!ring_used(r, &id, &len))
		return S_NONE;
	if (used)
		*used = len;
	return (uint8_t)world_get(r->w, last->addr + last->len - 1, 1);
}

/* A request with header, data and status in a descriptor each; data is at @data. */
static uint8_t request(struct ring *r, uint32_t type, uint64_t sector, uint64_t data, uint32_t len,
		       uint32_t *used)
{
	bool in = type == T_IN || type == T_GET_ID;
	struct buf bufs[3] = { { header(r->w, type, sector), 16, false },
			       { data, len, in },
			       { world_alloc(r->w, 1, 1), 1, true } };
	uint32_t brk = r->w->brk;
	uint8_t status;

	if (!len)
		bufs[1] = bufs[2];
	status = ask(r, bufs, len ? 3 : 2, used);
	r->w->brk = brk;
	return status;
}

static uint64_t pattern(struct world *w, uint32_t len, uint8_t seed)
{
	uint64_t at = world_alloc(w, len, 16);
	uint32_t i;

	for (i = 0; i < len; i++)
		w->ram[at + i] = (uint8_t)(seed + i * 7 + (i >> 8));
	return at;
}

static void put_sectors(struct ring *r, uint64_t sector, uint8_t seed, uint32_t len)
{
	uint32_t used;

	cr_assert_eq(request(r, T_OUT, sector, pattern(r->w, len, seed), len, &used), S_OK);
	cr_assert_eq(used, 1);
}

static bool has_sectors(struct ring *r, uint64_t sector, uint8_t seed, uint32_t len)
{
	uint64_t want = pattern(r->w, len, seed), got = world_alloc(r->w, len, 16);
	uint32_t used;

	cr_assert_eq(request(r, T_IN, sector, got, len, &used), S_OK);
	cr_assert_eq(used, len + 1);
	return !memcmp(r->w->ram + want, r->w->ram + got, len);
}

static bool empty(struct ring *r, uint64_t sector)
{
	uint64_t zero = world_alloc(r->w, SECTOR, 16), got = world_alloc(r->w, SECTOR, 16);

	cr_assert_eq(request(r, T_IN, sector, got, SECTOR, NULL), S_OK);
	return !memcmp(r->w->ram + zero, r->w->ram + got, SECTOR);
}

static struct nic_fn_counters counters(struct world *w, unsigned int fn)
{
	struct nic_fn_counters c;

	nic_get_fn_counters(w->nic, fn, &c);
	return c;
}

static bool broken(struct world *w, unsigned int fn)
{
	struct nic_fn_state s;

	nic_get_fn_state(w->nic, fn, &s);
	return s.broken;
}

static uint32_t config(struct world *w, unsigned int offset, unsigned int width)
{
	return (uint32_t)nic_device_cfg_read(w->nic, 1, offset, width);
}

Test(blk, settings)
{
	struct nic_settings set = settings();

	cr_assert(nic_settings_ok(&set));
	set.disk_size = 0;
	cr_assert_not(nic_settings_ok(&set));
	set.disk_size = SECTOR - 1;
	cr_assert_not(nic_settings_ok(&set));
	set.disk_size = NIC_DISK_MAX;
	cr_assert(nic_settings_ok(&set));
	set.disk_size += SECTOR;
	cr_assert_not(nic_settings_ok(&set));
	set.disk_size = SECTOR;
	set.config_len = CFG_LEN - 1;
	cr_assert_not(nic_settings_ok(&set));
	set = settings();
	set.type = NIC_TYPE_NR;
	cr_assert_not(nic_settings_ok(&set));
}

Test(blk, features)
{
	struct world *w = world();
	struct admin a = admin(w);
	uint64_t all = F_BLK | F_VERSION_1 | F_ACCESS_PLATFORM;

	cr_assert_eq(drv_offered(w, NIC_PF), all | F_SR_IOV | F_ADMIN_VQ);
	cr_assert_eq(drv_offered(w, 1), all | F_INDIRECT);
	cr_assert_eq(legacy_get(&a, 1, L_DF, 4), F_BLK | F_ANY_LAYOUT | F_INDIRECT);
	world_free(w);
}

Test(blk, one_queue_and_behind_it_that_for_administration)
{
	struct world *w = world();
	struct admin a = admin(w);
	struct nic_settings set = settings();

	cr_assert_eq(nic_common_read(w->nic, NIC_PF, C_NUMQ, 2), 1);
	cr_assert_eq(nic_common_read(w->nic, NIC_PF, C_ADM_IDX, 2), 1);
	cr_assert_eq(nic_common_read(w->nic, 1, C_NUMQ, 2), 1);
	cr_assert_eq(nic_common_read(w->nic, 1, C_ADM_NUM, 2), 0);
	cr_assert_eq(nic_nr_queues(&set, NIC_PF), 2);
	cr_assert_eq(nic_nr_queues(&set, 1), 1);
	legacy_put(&a, 1, L_QSEL, 0, 2);
	cr_assert_eq(legacy_get(&a, 1, L_QSIZE, 2), 256);
	legacy_put(&a, 1, L_QSEL, 1, 2);
	cr_assert_eq(legacy_get(&a, 1, L_QSIZE, 2), 0);
	world_free(w);
}

Test(blk, several_queues_with_the_feature_for_it)
{
	struct nic_settings set = settings();
	struct world *w;
	struct admin a;
	struct ring r;

	set.vf_pairs = 4;
	w = world_new(&set, 1);
	a = admin(w);
	cr_assert_eq(config(w, 34, 2), 4);
	cr_assert(legacy_get(&a, 1, L_DF, 4) & F_MQ);
	legacy_put(&a, 1, L_QSEL, 3, 2);
	cr_assert_eq(legacy_get(&a, 1, L_QSIZE, 2), 0);
	legacy_start(&a, 1, F_MQ);
	ring_legacy(&r, &a, 1, 3);
	cr_assert_eq(r.size, 256);
	legacy_put(&a, 1, L_QSEL, 4, 2);
	cr_assert_eq(legacy_get(&a, 1, L_QSIZE, 2), 0);
	legacy_put(&a, 1, L_STATUS, S_ACKNOWLEDGE | S_DRIVER | S_DRIVER_OK, 1);
	put_sectors(&r, 5, 9, SECTOR);
	cr_assert(has_sectors(&r, 5, 9, SECTOR));
	world_free(w);
}

Test(blk, configuration)
{
	struct world *w = world();
	unsigned int at;

	cr_assert_eq(config(w, 0, 4), SECTORS);
	cr_assert_eq(config(w, 4, 4), 0);
	cr_assert_eq(config(w, 8, 4), 65536, "size_max");
	cr_assert_eq(config(w, 12, 4), 126, "seg_max");
	cr_assert_eq(config(w, 20, 4), SECTOR, "blk_size");
	cr_assert_eq(config(w, CFG_WRITEBACK, 1), 1);
	cr_assert_eq(config(w, 34, 2), 1, "num_queues");
	cr_assert_eq(config(w, 36, 4), 8192, "max_discard_sectors");
	cr_assert_eq(config(w, 40, 4), 8, "max_discard_seg");
	cr_assert_eq(config(w, 44, 4), 1, "discard_sector_alignment");
	cr_assert_eq(config(w, 48, 4), 8192, "max_write_zeroes_sectors");
	cr_assert_eq(config(w, 52, 4), 8, "max_write_zeroes_seg");
	cr_assert_eq(config(w, 56, 1), 1, "write_zeroes_may_unmap");
	for (at = 57; at < CFG_LEN; at++)
		cr_assert_eq(config(w, at, 1), 0);
	cr_assert_eq(config(w, CFG_LEN, 1), 0xff);
	world_free(w);
}

Test(blk, a_small_queue_has_room_for_a_request)
{
	struct nic_settings set = settings();
	struct world *w;

	set.queue_size = 16;
	w = world_new(&set, 1);
	cr_assert_eq(config(w, 12, 4), 14);
	world_free(w);
	set.queue_size = 1;
	w = world_new(&set, 1);
	cr_assert_eq(config(w, 12, 4), 1);
	world_free(w);
}

Test(blk, configuration_by_command)
{
	/* offset, length: parts of one field */
	static const uint8_t good[][2] = { { 0, 8 },  { 0, 4 },	 { 4, 4 },  { 7, 1 },  { 8, 4 },
					   { 16, 2 }, { 18, 1 }, { 19, 1 }, { 20, 4 }, { 22, 2 },
					   { 26, 2 }, { 32, 1 }, { 33, 1 }, { 34, 2 }, { 56, 1 },
					   { 57, 3 }, { 60, 4 }, { 92, 1 }, { 93, 3 } };
	static const uint8_t bad[][2] = { { 0, 0 },  { 4, 8 },	{ 6, 4 },  { 16, 4 }, { 18, 2 },
					  { 19, 2 }, { 23, 2 }, { 32, 2 }, { 33, 2 }, { 56, 2 },
					  { 59, 2 }, { 92, 2 }, { 94, 3 }, { 96, 1 } };
	struct world *w = world();
	struct admin a = admin(w);
	struct reply r;
	unsigned int i, j;

	for (i = 0; i < COUNT(good); i++) {
		r = legacy_try_read(&a, 1, 5, good[i][0], good[i][1]);
		admin_is(&r, OK);
		for (j = 0; j < good[i][1]; j++)
			cr_assert_eq(r.result[j], config(w, good[i][0] + j, 1));
	}
	for (i = 0; i < COUNT(bad); i++) {
		r = legacy_try_read(&a, 1, 5, bad[i][0], bad[i][1]);
		admin_is(&r, INVALID_FIELD);
		r = legacy_try_write(&a, 1, 4, bad[i][0], 0, bad[i][1]);
		admin_is(&r, INVALID_FIELD);
	}
	world_free(w);
}

Test(blk, a_longer_configuration_by_single_bytes)
{
	struct nic_settings set = settings();
	struct world *w;
	struct admin a;
	struct reply r;

	set.config_len = 232;
	w = world_new(&set, 1);
	a = admin(w);
	r = legacy_try_read(&a, 1, 5, CFG_LEN, 1);
	admin_is(&r, OK);
	cr_assert_eq(r.result[0], 255 - CFG_LEN);
	r = legacy_try_read(&a, 1, 5, CFG_LEN, 2);
	admin_is(&r, INVALID_FIELD);
	world_free(w);
}

Test(blk, the_notify_list)
{
	struct world *w = world();
	struct admin a = admin(w);
	struct reply r = admin_cmd(&a, 6, GROUP, 2, NULL, 0, 64);

	admin_is(&r, OK);
	cr_assert_eq(r.result[0], 2, "the member's");
	cr_assert_eq(r.result[1], w->set.member_bar);
	world_free(w);
}

Test(blk, cache_mode_of_a_legacy_driver)
{
	struct world *w = world();
	struct admin a = admin(w);
	struct reply r;

	legacy(&a, 1, F_FLUSH);
	r = legacy_try_write(&a, 1, 4, CFG_WRITEBACK, 0, 1);
	admin_is(&r, OK);
	cr_assert_eq(config(w, CFG_WRITEBACK, 1), 1, "it has not said that it would");
	legacy(&a, 1, F_FLUSH | F_CONFIG_WCE);
	r = legacy_try_write(&a, 1, 4, CFG_WRITEBACK, 0, 1);
	admin_is(&r, OK);
	cr_assert_eq(config(w, CFG_WRITEBACK, 1), 0);
	r = legacy_try_write(&a, 1, 4, CFG_WRITEBACK, 2, 1);
	admin_is(&r, OK);
	cr_assert_eq(config(w, CFG_WRITEBACK, 1), 0);
	nic_device_cfg_write(w->nic, 1, CFG_WRITEBACK, 1, 1);
	cr_assert_eq(config(w, CFG_WRITEBACK, 1), 0, "its driver uses the other interface");
	r = legacy_try_write(&a, 1, 4, 0, 1, 4);
	admin_is(&r, OK);
	cr_assert_eq(config(w, 0, 4), SECTORS, "read-only");
	legacy_put(&a, 1, L_STATUS, 0, 1);
	cr_assert_eq(config(w, CFG_WRITEBACK, 1), 1);
	world_free(w);
}

Test(blk, cache_mode_of_a_modern_driver)
{
	struct world *w = world();

	modern(w, 1, BLK_MODERN);
	nic_device_cfg_write(w->nic, 1, CFG_WRITEBACK, 0, 1);
	cr_assert_eq(config(w, CFG_WRITEBACK, 1), 0);
	cr_assert_eq(counters(w, 1).bad_accesses, 0);
	nic_device_cfg_write(w->nic, 1, 0, 0, 4);
	nic_device_cfg_write(w->nic, 1, CFG_WRITEBACK, 1, 4);
	nic_device_cfg_write(w->nic, 1, CFG_LEN, 1, 1);
	nic_device_cfg_write(w->nic, 1, CFG_WRITEBACK, 1, 3);
	cr_assert_eq(config(w, CFG_WRITEBACK, 1), 0);
	cr_assert_eq(counters(w, 1).bad_accesses, 4);
	world_free(w);
}

static void there_and_back(struct ring *r)
{
	struct world *w = r->w;

	put_sectors(r, 0, 1, SECTOR);
	put_sectors(r, SECTORS - 8, 2, 8 * SECTOR);
	cr_assert(has_sectors(r, 0, 1, SECTOR));
	cr_assert(has_sectors(r, SECTORS - 8, 2, 8 * SECTOR));
	cr_assert(empty(r, 1));
	cr_assert_eq(counters(w, r->fn).writes, 2);
	cr_assert_eq(counters(w, r->fn).reads, 3);
	cr_assert_eq(counters(w, r->fn).failed, 0);
}

Test(blk, there_and_back_modern)
{
	struct world *w = world();
	struct ring r = modern(w, 1, BLK_MODERN);

	there_and_back(&r);
	world_free(w);
}

Test(blk, there_and_back_legacy)
{
	struct world *w = world();
	struct admin a = admin(w);
	struct ring r = legacy(&a, 2, 0);

	there_and_back(&r);
	world_free(w);
}

Test(blk, there_and_back_on_the_pf)
{
	struct world *w = world();
	struct ring r = modern(w, NIC_PF, BLK_MODERN);

	there_and_back(&r);
	world_free(w);
}

Test(blk, before_driver_ok_of_a_legacy_driver)
{
	struct world *w = world();
	struct admin a = admin(w);
	struct ring r;

	legacy_start(&a, 1, 0);
	ring_legacy(&r, &a, 1, 0);
	cr_assert(empty(&r, 0));
	world_free(w);
}

/* Writes and reads a sector with all that it is made of cut every @piece bytes. */
static void cut(struct ring *r, uint32_t piece)
{
	struct world *w = r->w;
	uint64_t out = world_alloc(w, 16 + SECTOR, 16), in = world_alloc(w, SECTOR + 1, 16);
	struct buf bufs[64];
	uint32_t at, n = 0;

	world_put(w, out, T_OUT, 4);
	world_put(w, out + 8, 7, 8);
	memset(w->ram + out + 16, (int)piece, SECTOR);
	for (at = 0; at < 16 + SECTOR; at += piece)
		bufs[n++] =
			(struct buf) { out + at,
				       16 + SECTOR - at < piece ? 16 + SECTOR - at : piece, false };
	bufs[n++] = (struct buf) { in, 1, true };
	cr_assert_eq(ask(r, bufs, n, NULL), S_OK);

	world_put(w, out, T_IN, 4);
	bufs[0] = (struct buf) { out, 16, false };
	for (n = 1, at = 0; at < SECTOR + 1; at += piece)
		bufs[n++] =
			(struct buf) { in + at, SECTOR + 1 - at < piece ? SECTOR + 1 - at : piece,
				       true };
	cr_assert_eq(ask(r, bufs, n, NULL), S_OK);
	cr_assert(!memcmp(w->ram + out + 16, w->ram + in, SECTOR));
}

Test(blk, however_it_is_cut)
{
	static const uint32_t pieces[] = { 9, 15, 16, 17, 100, 511, 512, 513, 528, 4096 };
	struct world *w = world();
	struct admin a = admin(w);
	struct ring m = modern(w, 1, BLK_MODERN), l = legacy(&a, 2, 0);
	unsigned int i;

	for (i = 0; i < COUNT(pieces); i++) {
		cut(&m, pieces[i]);
		cut(&l, pieces[i]);
	}
	world_free(w);
}

Test(blk, flush)
{
	struct world *w = world();
	struct ring r = modern(w, 1, BLK_MODERN);
	uint32_t used;

	cr_assert_eq(request(&r, T_FLUSH, 0, 0, 0, &used), S_OK);
	cr_assert_eq(used, 1);
	cr_assert_eq(counters(w, 1).flushes, 1);
	r = modern(w, 1, BLK_MODERN & ~F_FLUSH);
	cr_assert_eq(request(&r, T_FLUSH, 0, 0, 0, NULL), S_UNSUPP);
	cr_assert_eq(counters(w, 1).flushes, 1);
	world_free(w);
}

Test(blk, identifier)
{
	struct world *w = world();
	struct ring r = modern(w, 2, BLK_MODERN);
	uint64_t id = world_alloc(w, 64, 16);
	uint32_t used;

	memset(w->ram + id, 0xee, 64);
	cr_assert_eq(request(&r, T_GET_ID, 0, id, 20, &used), S_OK);
	cr_assert_eq(used, 21);
	cr_assert_str_eq((char *)w->ram + id, "vvb-blk-02");
	cr_assert_eq(w->ram[id + 19], 0);
	cr_assert_eq(request(&r, T_GET_ID, 0, id, 64, &used), S_OK);
	cr_assert_eq(used, 20);
	cr_assert_eq(w->ram[id + 20], 0xee);
	cr_assert_eq(request(&r, T_GET_ID, 0, id, 19, &used), S_IOERR);
	cr_assert_eq(used, 0);
	world_free(w);
}

Test(blk, kinds_that_there_are_not)
{
	static const uint32_t types[] = { 2,  3,  5,  6,  7,	      9,	 10,
					  12, 14, 15, 26, 0x80000000, 0xffffffff };
	struct world *w = world();
	struct ring r = modern(w, 1, BLK_MODERN);
	unsigned int i;

	for (i = 0; i < COUNT(types); i++)
		cr_assert_eq(request(&r, types[i], 0, pattern(w, 16, 1), 16, NULL), S_UNSUPP);
	cr_assert_eq(counters(w, 1).failed, COUNT(types));
	cr_assert_not(broken(w, 1));
	world_free(w);
}

Test(blk, out_of_range)
{
	static const struct {
		uint64_t sector;
		uint32_t len;
		uint8_t status;
	} rows[] = {
		{ SECTORS - 1, SECTOR, S_OK },
		{ SECTORS - 1, 2 * SECTOR, S_IOERR },
		{ SECTORS, 0, S_OK },
		{ SECTORS, SECTOR, S_IOERR },
		{ SECTORS + 1, 0, S_IOERR },
		{ UINT64_MAX, 0, S_IOERR },
		{ UINT64_MAX, SECTOR, S_IOERR },
		{ UINT64_MAX / SECTOR + 1, SECTOR, S_IOERR },
		{ UINT64_C(1) << 55, SECTOR, S_IOERR },
		{ 0, SECTOR - 1, S_IOERR },
		{ 0, SECTOR + 1, S_IOERR },
		{ 0, 1, S_IOERR },
	};
	struct world *w = world();
	struct ring r = modern(w, 1, BLK_MODERN);
	unsigned int i;
	uint64_t data;
	uint32_t used;

	for (i = 0; i < COUNT(rows); i++) {
		data = pattern(w, 2 * SECTOR, 3);
		cr_assert_eq(request(&r, T_IN, rows[i].sector, data, rows[i].len, &used),
			     rows[i].status, "row %u", i);
		cr_assert_eq(used, rows[i].status && rows[i].len ? 0 : rows[i].len + 1);
		cr_assert_eq(request(&r, T_OUT, rows[i].sector, data, rows[i].len, NULL),
			     rows[i].status, "row %u", i);
	}
	cr_assert(empty(&r, 0));
	world_free(w);
}

/* One of @n pieces, all in the same memory. */
static uint8_t long_request(struct ring *r, uint32_t type, uint32_t len, unsigned int n)
{
	static struct buf bufs[256];
	uint32_t brk = r->w->brk;
	uint64_t data = world_alloc(r->w, len, 16), status = world_alloc(r->w, 1, 1);
	unsigned int i;
	uint32_t id, used;

	bufs[0] = (struct buf) { header(r->w, type, 0), 16, false };
	for (i = 1; i <= n; i++)
		bufs[i] = (struct buf) { data, len, type == T_IN };
	bufs[i] = (struct buf) { status, 1, true };
	world_put(r->w, status, S_NONE, 1);
	ring_add_indirect(r, bufs, n + 2);
	ring_kick(r);
	cr_assert(ring_used(r, &id, &used));
	r->w->brk = brk;
	return (uint8_t)world_get(r->w, status, 1);
}

Test(blk, as_long_as_it_says)
{
	struct world *w = world();
	struct ring r = modern(w, 1, BLK_MODERN | F_INDIRECT);

	cr_assert_eq(long_request(&r, T_IN, 65536, 126), S_OK);
	cr_assert_eq(long_request(&r, T_IN, 65536, 127), S_IOERR);
	cr_assert_eq(long_request(&r, T_OUT, 65536, 126), S_OK);
	cr_assert_eq(long_request(&r, T_OUT, 65536, 127), S_IOERR);
	cr_assert_not(broken(w, 1));
	world_free(w);
}

Test(blk, lengths_that_overflow)
{
	struct world *w = world();
	struct ring r = modern(w, 1, BLK_MODERN);
	uint64_t data = world_alloc(w, SECTOR, 16), status = world_alloc(w, 1, 1);
	struct buf bufs[4] = { { header(w, T_IN, 0), 16, false },
			       { data, 0xfffffe00, true },
			       { data, 0xfffffe00, true },
			       { status, 1, true } };
	uint32_t used;

	cr_assert_eq(ask(&r, bufs, 4, &used), S_IOERR);
	cr_assert_eq(used, 0);
	world_put(w, bufs[0].addr, T_OUT, 4);
	bufs[1].in = false;
	bufs[2].in = false;
	cr_assert_eq(ask(&r, bufs, 4, &used), S_IOERR);
	world_put(w, bufs[0].addr, T_FLUSH, 4);
	bufs[1].in = true;
	bufs[2].in = true;
	cr_assert_eq(ask(&r, bufs, 4, &used), S_OK);
	cr_assert_eq(used, 0, "nothing in front of the status is written");
	world_free(w);
}

static void is_none(const struct buf *bufs, unsigned int n)
{
	struct world *w = world();
	struct ring r = modern(w, 1, BLK_MODERN);

	ring_add(&r, bufs, n);
	ring_kick(&r);
	cr_assert_eq(ring_used_idx(&r), 0);
	cr_assert(broken(w, 1));
	cr_assert(drv_status(w, 1) & S_NEEDS_RESET);
	cr_assert_eq(counters(w, 1).ring_errors, 1);
	world_free(w);
}

Test(blk, no_whole_header_or_no_room_for_a_status)
{
	static const struct buf short_header[] = { { 4096, 15, false }, { 8192, 1, true } };
	static const struct buf no_header[] = { { 8192, 513, true } };
	static const struct buf no_status[] = { { 4096, 528, false } };
	static const struct buf empty_status[] = { { 4096, 16, false }, { 8192, 0, true } };

	is_none(short_header, 2);
	is_none(no_header, 1);
	is_none(no_status, 1);
	is_none(empty_status, 2);
}

Test(blk, memory_that_is_not_there)
{
	static const struct buf header[] = { { BAD_ADDRESS, 16, false }, { 8192, 1, true } };
	static const struct buf data_in[] = { { 512 << 10, 16, false },
					      { BAD_ADDRESS, 512, true },
					      { 8192, 1, true } };
	static const struct buf status[] = { { 512 << 10, 16, false },
					     { 8192, 512, true },
					     { BAD_ADDRESS, 1, true } };

	/* the header that a zeroed memory has is that of a read */
	is_none(header, 2);
	is_none(data_in, 3);
	is_none(status, 3);
}

Test(blk, data_to_write_that_is_not_there)
{
	struct world *w = world();
	struct ring r = modern(w, 1, BLK_MODERN);

	cr_assert_eq(request(&r, T_OUT, 0, BAD_ADDRESS, SECTOR, NULL), S_NONE);
	cr_assert(broken(w, 1));
	r = modern(w, 1, BLK_MODERN);
	cr_assert_eq(request(&r, T_DISCARD, 0, BAD_ADDRESS, 16, NULL), S_NONE);
	cr_assert(broken(w, 1));
	world_free(w);
}

static uint64_t range(struct world *w, uint64_t sector, uint32_t nr, uint32_t flags)
{
	uint64_t at = world_alloc(w, 16, 1);

	world_put(w, at, sector, 8);
	world_put(w, at + 8, nr, 4);
	world_put(w, at + 12, flags, 4);
	return at;
}

/* Of sectors 10 to 13, one after the other. */
static void cleared(struct ring *r, const char *want)
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		cr_assert_eq(empty(r, 10 + i), want[i] == '0', "sector %u", 10 + i);
}

Test(blk, discard_and_write_zeroes)
{
	static const uint32_t types[] = { T_DISCARD, T_WRITE_ZEROES };
	struct world *w = world();
	struct ring r = modern(w, 1, BLK_MODERN);
	uint64_t at;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		put_sectors(&r, 10, 5, 4 * SECTOR);
		cr_assert_eq(request(&r, types[i], 0, range(w, 11, 1, 0), 16, NULL), S_OK);
		cleared(&r, "x0xx");
		at = range(w, 10, 1, 0);
		range(w, 12, 2, 0);
		cr_assert_eq(request(&r, types[i], 0, at, 32, NULL), S_OK);
		cleared(&r, "0000");
	}
	cr_assert_eq(counters(w, 1).discards, 2);
	cr_assert_eq(counters(w, 1).zeroes, 2);
	world_free(w);
}

Test(blk, ranges_that_are_refused)
{
	static const struct {
		uint64_t sector;
		uint32_t nr, flags;
		uint8_t status;
	} rows[] = {
		{ SECTORS, 1, 0, S_IOERR },	 { SECTORS - 1, 2, 0, S_IOERR },
		{ UINT64_MAX, 1, 0, S_IOERR },	 { UINT64_MAX, UINT32_MAX, 0, S_IOERR },
		{ 0, 8193, 0, S_IOERR },	 { 11, 1, 2, S_UNSUPP },
		{ 11, 1, 0x80000000, S_UNSUPP },
	};
	struct world *w = world();
	struct ring r = modern(w, 1, BLK_MODERN);
	unsigned int i;
	uint64_t at;

	put_sectors(&r, 10, 5, 4 * SECTOR);
	for (i = 0; i < COUNT(rows); i++) {
		/* the first is good: it is left alone, too */
		at = range(w, 10, 1, 0);
		range(w, rows[i].sector, rows[i].nr, rows[i].flags);
		cr_assert_eq(request(&r, T_DISCARD, 0, at, 32, NULL), rows[i].status, "row %u", i);
		cr_assert_eq(request(&r, T_WRITE_ZEROES, 0, at, 32, NULL), rows[i].status, "row %u",
			     i);
	}
	at = range(w, 11, 1, 1);
	cr_assert_eq(request(&r, T_DISCARD, 0, at, 16, NULL), S_UNSUPP);
	cr_assert_eq(request(&r, T_DISCARD, 0, at, 0, NULL), S_IOERR);
	cr_assert_eq(request(&r, T_DISCARD, 0, at, 15, NULL), S_IOERR);
	cr_assert_eq(request(&r, T_DISCARD, 0, at, 17, NULL), S_IOERR);
	cr_assert_eq(request(&r, T_DISCARD, 0, world_alloc(w, 144, 16), 144, NULL), S_IOERR);
	cleared(&r, "xxxx");
	cr_assert_eq(request(&r, T_WRITE_ZEROES, 0, at, 16, NULL), S_OK, "may unmap");
	cleared(&r, "x0xx");
	r = modern(w, 1, BLK_MODERN & ~(F_DISCARD | F_WRITE_ZEROES));
	at = range(w, 10, 1, 0);
	cr_assert_eq(request(&r, T_DISCARD, 0, at, 16, NULL), S_UNSUPP);
	cr_assert_eq(request(&r, T_WRITE_ZEROES, 0, at, 16, NULL), S_UNSUPP);
	cleared(&r, "x0xx");
	world_free(w);
}

Test(blk, each_function_has_a_disk_that_stays)
{
	struct world *w = world();
	struct admin a = admin(w);
	struct ring r = legacy(&a, 1, 0);

	put_sectors(&r, 3, 1, SECTOR);
	r = legacy(&a, 2, 0);
	cr_assert(empty(&r, 3));
	put_sectors(&r, 3, 2, SECTOR);
	nic_fn_reset(w->nic, 2);
	r = modern(w, 2, BLK_MODERN);
	cr_assert(has_sectors(&r, 3, 2, SECTOR));
	nic_fn_reset(w->nic, NIC_PF);
	nic_set_num_vfs(w->nic, 2);
	r = modern(w, 1, BLK_MODERN);
	cr_assert(has_sectors(&r, 3, 1, SECTOR));
	r = modern(w, NIC_PF, BLK_MODERN);
	cr_assert(empty(&r, 3));
	world_free(w);
}

Test(blk, long_requests_let_others_have_their_turn)
{
	struct world *w = world();
	struct ring r = modern(w, 1, BLK_MODERN | F_INDIRECT);
	uint64_t data = world_alloc(w, 65536, 16), status = world_alloc(w, 1, 1);
	struct buf bufs[128] = { { header(w, T_IN, 0), 16, false } };
	unsigned int i;

	for (i = 1; i <= 126; i++)
		bufs[i] = (struct buf) { data, 65536, true };
	bufs[127] = (struct buf) { status, 1, true };
	for (i = 0; i < 20; i++)
		ring_add_indirect(&r, bufs, 128);
	ring_kick(&r);
	cr_assert_lt(ring_used_idx(&r), 20);
	cr_assert_gt(ring_used_idx(&r), 10);
	world_sleep(w, 1000000);
	cr_assert_eq(ring_used_idx(&r), 20);
	world_free(w);
}

Test(blk, a_reset_in_the_middle_of_a_request)
{
	struct world *w = world();
	struct ring r = modern(w, 1, BLK_MODERN);
	uint64_t at = world_alloc(w, SECTOR, 16);
	struct buf bufs[4] = { { header(w, T_IN, 0), 16, false },
			       { world_bar(1, BAR_COMMON + C_STATUS), 1, true },
			       { at, SECTOR - 1, true },
			       { world_alloc(w, 1, 1), 1, true } };

	ring_add(&r, bufs, 4);
	ring_kick(&r);
	cr_assert_eq(drv_status(w, 1), 0);
	cr_assert_eq(ring_used_idx(&r), 0);
	cr_assert_not(broken(w, 1));
	r = modern(w, 1, BLK_MODERN);
	cr_assert(empty(&r, 0));
	world_free(w);
}

Test(blk, nothing_of_a_network_card)
{
	struct world *w = world();
	uint8_t frame[60] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	unsigned int before;

	modern(w, 1, BLK_MODERN);
	before = world_interrupts(w, 1);
	nic_set_link(w->nic, 1, true);
	nic_set_link(w->nic, 1, false);
	cr_assert_not(nic_link(w->nic, 1));
	cr_assert_eq(world_interrupts(w, 1), before);
	cr_assert_eq(nic_isr_read(w->nic, 1), 0);
	cr_assert_not(nic_uplink_receive(w->nic, frame, sizeof(frame)));
	cr_assert_eq(w->uplink_frames, 0);
	world_free(w);
}
