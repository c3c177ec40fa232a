// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "world.h"

#define DESC_NEXT 1u
#define DESC_WRITE 2u

/* offsets in virtio_pci_common_cfg (virtio 1.3, 4.1.4.3) */
enum {
	DRIVER_FEATURE_SELECT = 8,
	DRIVER_FEATURE = 12,
	DEVICE_STATUS = 20,
	QUEUE_SELECT = 22,
	QUEUE_SIZE = 24,
	QUEUE_ENABLE = 28,
	QUEUE_DESC = 32,
	QUEUE_DRIVER = 40,
	QUEUE_DEVICE = 48,
};

void world_put(struct world *w, uint32_t addr, uint64_t value, unsigned int bytes)
{
	for (; bytes-- && addr < WORLD_RAM; value >>= 8)
		w->ram[addr++] = (uint8_t)value;
}

uint64_t world_get(const struct world *w, uint32_t addr, unsigned int bytes)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < bytes && addr + i < WORLD_RAM; i++)
		value |= (uint64_t)w->ram[addr + i] << 8 * i;
	return value;
}

static bool in_ram(uint64_t addr, size_t len)
{
	return len <= WORLD_RAM && addr <= WORLD_RAM - len;
}

/* Rung by the NIC itself: it must not be served before the NIC is done with its own. */
static void doorbell(struct world *w, uint64_t at, const uint8_t *bytes, size_t len)
{
	unsigned int fn = (unsigned int)(at / 0x100), place = at % 0x100;
	uint16_t value = (uint16_t)(len > 1 ? bytes[0] | bytes[1] << 8 : bytes[0]);
	uint64_t before = w->dmas;

	if (place < 0x40)
		nic_notify(w->nic, fn, place / 4);
	else if (place < 0x80)
		nic_legacy_notify(w->nic, fn, value);
	else if (place < 0xc0)
		nic_owner_notify(w->nic, fn, value);
	else
		nic_common_write(w->nic, fn, place - 0xc0, value, (unsigned int)len);
	fuzz_check(w->dmas == before);
}

static bool exists(struct world *w, unsigned int fn)
{
	struct nic_fn_state state;

	nic_get_fn_state(w->nic, fn, &state);
	return state.exists;
}

static int dma(struct world *w, unsigned int fn, uint64_t addr, void *to, const void *from,
	       size_t len)
{
	w->dmas++;
	fuzz_check(fn < NIC_NR_FNS && exists(w, fn));
	if (addr >= WORLD_DOORBELLS && addr < WORLD_DOORBELLS + 0x100 * NIC_NR_FNS && len) {
		if (from)
			doorbell(w, addr - WORLD_DOORBELLS, from, len);
		else
			memset(to, 0, len);
		return 0;
	}
	if (!in_ram(addr, len))
		return -1;
	if (to)
		memcpy(to, w->ram + addr, len);
	else
		memcpy(w->ram + addr, from, len);
	return 0;
}

static int dma_read(void *opaque, unsigned int fn, uint64_t addr, void *buf, size_t len)
{
	return dma(opaque, fn, addr, buf, NULL, len);
}

static int dma_write(void *opaque, unsigned int fn, uint64_t addr, const void *buf, size_t len)
{
	return dma(opaque, fn, addr, NULL, buf, len);
}

static void msix_notify(void *opaque, unsigned int fn, unsigned int vector)
{
	const struct world *w = opaque;

	fuzz_check(w->msix[fn] && vector < w->vectors[fn]);
}

static uint64_t now_ns(void *opaque)
{
	return ((struct world *)opaque)->now;
}

static void arm_timer(void *opaque, uint64_t deadline)
{
	((struct world *)opaque)->deadline = deadline;
}

static void uplink_send(void *opaque, const void *frame, size_t len)
{
	(void)opaque;
	fuzz_check(len && len <= NIC_FRAME_MAX);
	fuzz_check(((const uint8_t *)frame)[len - 1] <= 0xff); /* readable to its end */
}

void world_set_msix(struct world *w, unsigned int fn, bool on, unsigned int vectors)
{
	w->msix[fn] = on;
	w->vectors[fn] = vectors;
	nic_set_msix(w->nic, fn, on, vectors);
}

void world_init(struct world *w, const struct nic_settings *set)
{
	static const struct nic_ops ops = {
		.dma_read = dma_read,
		.dma_write = dma_write,
		.msix_notify = msix_notify,
		.now_ns = now_ns,
		.arm_timer = arm_timer,
		.uplink_send = uplink_send,
	};

	memset(w, 0, sizeof(*w));
	w->now = 1000;
	w->deadline = NIC_NO_DEADLINE;
	w->nic = nic_new(&ops, w, set);
	fuzz_check(w->nic);
	nic_set_num_vfs(w->nic, WORLD_VFS);
}

void world_exit(struct world *w)
{
	nic_free(w->nic);
}

void world_sleep(struct world *w, uint64_t ns)
{
	uint64_t until = w->now + ns;
	unsigned int runs = 4;

	while (w->deadline <= until && runs--) {
		if (w->deadline > w->now)
			w->now = w->deadline;
		w->deadline = NIC_NO_DEADLINE;
		nic_timer_expired(w->nic);
	}
	w->now = until;
}

static void start_queue(struct world *w, unsigned int fn, unsigned int q)
{
	uint32_t ring = world_ring(fn, q);

	nic_common_write(w->nic, fn, QUEUE_SELECT, q, 2);
	nic_common_write(w->nic, fn, QUEUE_SIZE, WORLD_QUEUE, 2);
	nic_common_write(w->nic, fn, QUEUE_DESC, ring, 8);
	nic_common_write(w->nic, fn, QUEUE_DRIVER, ring + WORLD_AVAIL, 8);
	nic_common_write(w->nic, fn, QUEUE_DEVICE, ring + WORLD_USED, 8);
	nic_common_write(w->nic, fn, QUEUE_ENABLE, 1, 2);
}

void world_start(struct world *w, unsigned int fn, uint64_t features)
{
	nic_common_write(w->nic, fn, DEVICE_STATUS, 0, 1);
	nic_common_write(w->nic, fn, DEVICE_STATUS, 3, 1);
	for (unsigned int i = 0; i < 2; i++) {
		nic_common_write(w->nic, fn, DRIVER_FEATURE_SELECT, i, 4);
		nic_common_write(w->nic, fn, DRIVER_FEATURE, features >> 32 * i & UINT32_MAX, 4);
	}
	nic_common_write(w->nic, fn, DEVICE_STATUS, 11, 1);
	for (unsigned int q = 0; q < WORLD_QUEUES; q++) {
		memset(w->ram + world_ring(fn, q) + WORLD_AVAIL, 0, 0x100);
		start_queue(w, fn, q);
	}
	if (fn == NIC_PF)
		w->admin_idx = 0;
	nic_common_write(w->nic, fn, DEVICE_STATUS, 15, 1);
}

static void put_desc(struct world *w, uint32_t at, uint32_t addr, uint32_t len, uint16_t flags)
{
	world_put(w, at, addr, 8);
	world_put(w, at + 8, len, 4);
	world_put(w, at + 12, flags, 2);
	world_put(w, at + 14, 1, 2);
}

long world_command(struct world *w, const void *out, unsigned int len, unsigned int room)
{
	uint32_t ring = world_ring(NIC_PF, nic_admin_queue(w->nic)), used = ring + WORLD_USED;

	memcpy(w->ram + WORLD_OUT, out, len);
	memset(w->ram + WORLD_IN, 0, room);
	put_desc(w, ring, WORLD_OUT, len, DESC_NEXT);
	put_desc(w, ring + 16, WORLD_IN, room, DESC_WRITE);
	world_put(w, ring + WORLD_AVAIL + 4 + 2 * (w->admin_idx % WORLD_QUEUE), 0, 2);
	world_put(w, ring + WORLD_AVAIL + 2, ++w->admin_idx, 2);
	nic_notify(w->nic, NIC_PF, nic_admin_queue(w->nic));
	if (world_get(w, used + 2, 2) != w->admin_idx)
		return -1;
	return (long)world_get(w, used + 4 + 8 * ((w->admin_idx - 1u) % WORLD_QUEUE) + 4, 4);
}
