// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <stdlib.h>
#include <string.h>

#include "world.h"

uint64_t world_bar(unsigned int fn, uint32_t offset)
{
	return WORLD_BAR + (uint64_t)fn * WORLD_BAR_LEN + offset;
}

uint64_t world_get(struct world *w, uint64_t addr, unsigned int width)
{
	uint64_t v = 0;

	cr_assert_leq(addr + width, WORLD_RAM);
	while (width--)
		v = v << 8 | w->ram[addr + width];
	return v;
}

void world_put(struct world *w, uint64_t addr, uint64_t v, unsigned int width)
{
	cr_assert_leq(addr + width, WORLD_RAM);
	for (; width--; v >>= 8)
		w->ram[addr++] = (uint8_t)v;
}

static uint64_t value_of(const uint8_t *p, size_t len)
{
	uint64_t v = 0;

	while (len--)
		v = v << 8 | p[len];
	return v;
}

static unsigned int dmas(const struct world *w)
{
	unsigned int fn, n = 0;

	for (fn = 0; fn < NIC_NR_FNS; fn++)
		n += w->dmas[fn];
	return n;
}

/* The NIC writes to itself: nothing may come of it before it is done with its own. */
static void bar_write(struct world *w, unsigned int fn, uint32_t offset, const uint8_t *buf,
		      size_t len)
{
	uint64_t v = len <= 8 ? value_of(buf, len) : 0;
	unsigned int before = dmas(w);

	if (offset < BAR_NOTIFY)
		nic_common_write(w->nic, fn, offset, v, (unsigned int)len);
	else if (offset < BAR_LEGACY)
		nic_notify(w->nic, fn, (offset - BAR_NOTIFY) / 4);
	else if (offset < BAR_OWNER)
		nic_legacy_notify(w->nic, fn, (uint16_t)v);
	else
		nic_owner_notify(w->nic, (offset - BAR_OWNER) / 2 + 1, (uint16_t)v);
	cr_assert_eq(dmas(w), before, "served from inside");
}

static bool in_bar(uint64_t addr)
{
	return addr >= WORLD_BAR && addr < world_bar(NIC_NR_FNS, 0);
}

static bool in_ram(uint64_t addr, size_t len)
{
	return len <= WORLD_RAM && addr <= WORLD_RAM - len;
}

static int dma_write(void *opaque, unsigned int fn, uint64_t addr, const void *buf, size_t len)
{
	struct world *w = opaque;

	w->dmas[fn]++;
	if (in_bar(addr)) {
		bar_write(w, (unsigned int)((addr - WORLD_BAR) / WORLD_BAR_LEN),
			  (uint32_t)((addr - WORLD_BAR) % WORLD_BAR_LEN), buf, len);
		return 0;
	}
	if (!in_ram(addr, len))
		return -1;
	memcpy(w->ram + addr, buf, len);
	return 0;
}

static int dma_read(void *opaque, unsigned int fn, uint64_t addr, void *buf, size_t len)
{
	struct world *w = opaque;

	w->dmas[fn]++;
	if (in_bar(addr)) {
		memset(buf, 0, len);
		return 0;
	}
	if (!in_ram(addr, len))
		return -1;
	memcpy(buf, w->ram + addr, len);
	return 0;
}

static void msix_notify(void *opaque, unsigned int fn, unsigned int vector)
{
	struct world *w = opaque;
	uint16_t data = w->message_data;

	cr_assert_lt(vector, 8);
	w->interrupts[fn][vector]++;
	if (w->feed)
		world_put(w, w->feed, world_get(w, w->feed, 2) + 1, 2);
	if (w->message_address)
		dma_write(w, fn, w->message_address, &data, sizeof(data));
}

static uint64_t now_ns(void *opaque)
{
	return ((struct world *)opaque)->now;
}

static void arm_timer(void *opaque, uint64_t deadline)
{
	struct world *w = opaque;

	w->deadline = deadline;
	w->arms++;
}

static void uplink_send(void *opaque, const void *frame, size_t len)
{
	struct world *w = opaque;
	unsigned int i = w->uplink_frames++ % WORLD_UPLINK_MAX;

	w->uplink_len[i] = len;
	memcpy(w->uplink_frame[i], frame, len < 128 ? len : 128);
	if (w->answer)
		nic_uplink_receive(w->nic, w->answer, w->answer_len);
}

void world_sleep(struct world *w, uint64_t ns)
{
	uint64_t until = w->now + ns;

	while (w->deadline <= until) {
		if (w->deadline > w->now)
			w->now = w->deadline;
		w->deadline = NIC_NO_DEADLINE;
		nic_timer_expired(w->nic);
	}
	w->now = until;
}

uint64_t world_alloc(struct world *w, uint32_t len, uint32_t align)
{
	uint32_t at = (w->brk + align - 1) & ~(align - 1);

	cr_assert_leq(at + len, WORLD_RAM, "out of memory");
	w->brk = at + len;
	memset(w->ram + at, 0, len);
	return at;
}

unsigned int world_interrupts(const struct world *w, unsigned int fn)
{
	unsigned int i, n = 0;

	for (i = 0; i < 8; i++)
		n += w->interrupts[fn][i];
	return n;
}

struct world *world_new(const struct nic_settings *set, unsigned int vfs)
{
	static const struct nic_ops ops = {
		.dma_read = dma_read,
		.dma_write = dma_write,
		.msix_notify = msix_notify,
		.now_ns = now_ns,
		.arm_timer = arm_timer,
		.uplink_send = uplink_send,
	};
	struct world *w = calloc(1, sizeof(*w));

	if (set)
		w->set = *set;
	else
		nic_settings_init(&w->set);
	w->ram = calloc(1, WORLD_RAM);
	w->now = 1000;
	w->deadline = NIC_NO_DEADLINE;
	w->brk = 4096;
	w->nic = nic_new(&ops, w, &w->set);
	cr_assert_not_null(w->nic);
	nic_set_num_vfs(w->nic, vfs);
	return w;
}

void world_free(struct world *w)
{
	nic_free(w->nic);
	free(w->ram);
	free(w);
}
