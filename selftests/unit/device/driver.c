// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <string.h>

#include "driver.h"

uint8_t drv_status(struct world *w, unsigned int fn)
{
	return (uint8_t)nic_common_read(w->nic, fn, C_STATUS, 1);
}

uint64_t drv_offered(struct world *w, unsigned int fn)
{
	uint64_t f;

	nic_common_write(w->nic, fn, C_DFSELECT, 0, 4);
	f = nic_common_read(w->nic, fn, C_DF, 4);
	nic_common_write(w->nic, fn, C_DFSELECT, 1, 4);
	return f | nic_common_read(w->nic, fn, C_DF, 4) << 32;
}

void drv_start(struct world *w, unsigned int fn, uint64_t features)
{
	struct nic *n = w->nic;

	nic_common_write(n, fn, C_STATUS, 0, 1);
	nic_common_write(n, fn, C_STATUS, S_ACKNOWLEDGE, 1);
	nic_common_write(n, fn, C_STATUS, S_ACKNOWLEDGE | S_DRIVER, 1);
	nic_common_write(n, fn, C_GFSELECT, 0, 4);
	nic_common_write(n, fn, C_GF, (uint32_t)features, 4);
	nic_common_write(n, fn, C_GFSELECT, 1, 4);
	nic_common_write(n, fn, C_GF, features >> 32, 4);
	nic_common_write(n, fn, C_STATUS, S_ACKNOWLEDGE | S_DRIVER | S_FEATURES_OK, 1);
}

void drv_ok(struct world *w, unsigned int fn)
{
	nic_common_write(w->nic, fn, C_STATUS, drv_status(w, fn) | S_DRIVER_OK, 1);
}

static void ring_init(struct ring *r, struct world *w, unsigned int fn, unsigned int q,
		      uint16_t size)
{
	memset(r, 0, sizeof(*r));
	r->w = w;
	r->fn = fn;
	r->q = q;
	r->size = size;
}

void ring_modern(struct ring *r, struct world *w, unsigned int fn, unsigned int q, uint16_t size)
{
	struct nic *n = w->nic;

	ring_init(r, w, fn, q, size);
	r->desc = world_alloc(w, 16u * size, 16);
	r->avail = world_alloc(w, 6 + 2u * size, 2);
	r->used = world_alloc(w, 6 + 8u * size, 4);
	nic_common_write(n, fn, C_Q_SELECT, q, 2);
	nic_common_write(n, fn, C_Q_SIZE, size, 2);
	nic_common_write(n, fn, C_Q_DESC, r->desc, 8);
	nic_common_write(n, fn, C_Q_DRIVER, r->avail, 4);
	nic_common_write(n, fn, C_Q_DRIVER + 4, 0, 4);
	nic_common_write(n, fn, C_Q_DEVICE, r->used, 8);
	nic_common_write(n, fn, C_Q_MSIX, q + 1, 2);
	nic_common_write(n, fn, C_Q_ENABLE, 1, 2);
}

static void desc_put(struct world *w, uint64_t at, uint64_t addr, uint32_t len, uint16_t flags,
		     uint16_t next)
{
	world_put(w, at, addr, 8);
	world_put(w, at + 8, len, 4);
	world_put(w, at + 12, flags, 2);
	world_put(w, at + 14, next, 2);
}

void ring_desc(struct ring *r, uint16_t i, uint64_t addr, uint32_t len, uint16_t flags,
	       uint16_t next)
{
	desc_put(r->w, r->desc + 16u * i, addr, len, flags, next);
}

void ring_offer(struct ring *r, uint16_t head)
{
	world_put(r->w, r->avail + 4 + 2u * (r->avail_idx % r->size), head, 2);
	world_put(r->w, r->avail + 2, ++r->avail_idx, 2);
}

static void chain_put(struct world *w, uint64_t table, uint16_t mask, uint16_t first,
		      const struct buf *bufs, unsigned int n)
{
	unsigned int i;
	uint16_t at, next;

	for (i = 0; i < n; i++) {
		at = (uint16_t)(first + i) & mask;
		next = (uint16_t)(first + i + 1) & mask;
		desc_put(w, table + 16u * at, bufs[i].addr, bufs[i].len,
			 (uint16_t)((bufs[i].in ? D_WRITE : 0) | (i + 1 < n ? D_NEXT : 0)), next);
	}
}

uint16_t ring_add(struct ring *r, const struct buf *bufs, unsigned int n)
{
	uint16_t head = r->next % r->size;

	chain_put(r->w, r->desc, r->size - 1, head, bufs, n);
	r->next = (uint16_t)(r->next + n);
	ring_offer(r, head);
	return head;
}

uint16_t ring_add_indirect(struct ring *r, const struct buf *bufs, unsigned int n)
{
	uint64_t table = world_alloc(r->w, 16 * n, 16);
	uint16_t head = r->next++ % r->size;

	chain_put(r->w, table, 0xffff, 0, bufs, n);
	ring_desc(r, head, table, 16 * n, D_INDIRECT, 0);
	ring_offer(r, head);
	return head;
}

void ring_kick(struct ring *r)
{
	nic_notify(r->w->nic, r->fn, r->q);
}

uint16_t ring_used_idx(struct ring *r)
{
	return (uint16_t)world_get(r->w, r->used + 2, 2);
}

bool ring_used(struct ring *r, uint32_t *id, uint32_t *len)
{
	uint64_t at = r->used + 4 + 8u * (r->seen % r->size);

	if (ring_used_idx(r) == r->seen)
		return false;
	*id = (uint32_t)world_get(r->w, at, 4);
	*len = (uint32_t)world_get(r->w, at + 4, 4);
	r->seen++;
	return true;
}

struct admin admin_start(struct world *w)
{
	struct admin a = { .w = w };

	drv_start(w, NIC_PF, NET_MODERN | F_SR_IOV | F_ADMIN_VQ | F_MRG_RXBUF | F_CTRL_VQ);
	ring_modern(&a.ring, w, NIC_PF, nic_admin_queue(w->nic), 64);
	drv_ok(w, NIC_PF);
	return a;
}

struct admin admin_ready(struct world *w)
{
	static const uint8_t all[8] = { 0x7f };
	struct admin a = admin_start(w);
	struct reply r = admin_cmd(&a, 1, GROUP, 0, all, sizeof(all), 0);

	admin_is(&r, OK);
	return a;
}

uint32_t admin_header(uint8_t *to, uint16_t opcode, uint16_t group, uint64_t member)
{
	unsigned int i;

	memset(to, 0, 24);
	to[0] = (uint8_t)opcode;
	to[1] = (uint8_t)(opcode >> 8);
	to[2] = (uint8_t)group;
	to[3] = (uint8_t)(group >> 8);
	for (i = 0; i < 8; i++)
		to[16 + i] = (uint8_t)(member >> 8 * i);
	return 24;
}

uint64_t admin_put(struct admin *a, const void *out, uint32_t out_len, uint32_t in_len)
{
	struct world *w = a->w;
	uint64_t o = world_alloc(w, out_len + 8, 8);
	uint64_t i = world_alloc(w, in_len + 8, 8);
	struct buf bufs[2] = { { o, out_len, false }, { i, in_len, true } };

	memcpy(w->ram + o, out, out_len);
	memset(w->ram + i, 0xee, in_len + 8);
	ring_add(&a->ring, bufs + !out_len, (out_len ? 1 : 0) + (in_len ? 1 : 0));
	return i;
}

struct reply admin_reply(struct admin *a, uint64_t in, uint32_t in_len)
{
	struct reply r = { 0 };
	uint32_t id, len;

	r.answered = ring_used(&a->ring, &id, &len);
	if (!r.answered)
		return r;
	r.used = len;
	if (in_len >= 2)
		r.status = (uint16_t)world_get(a->w, in, 2);
	if (in_len >= 4)
		r.qualifier = (uint16_t)world_get(a->w, in + 2, 2);
	if (in_len > 8)
		memcpy(r.result, a->w->ram + in + 8,
		       in_len - 8 < sizeof(r.result) ? in_len - 8 : sizeof(r.result));
	return r;
}

struct reply admin_raw(struct admin *a, const void *out, uint32_t out_len, uint32_t in_len)
{
	uint32_t brk = a->w->brk;
	uint64_t in = admin_put(a, out, out_len, in_len);
	struct reply r;

	ring_kick(&a->ring);
	r = admin_reply(a, in, in_len);
	/* the memory of an answered command is used again */
	if (r.answered)
		a->w->brk = brk;
	return r;
}

struct reply admin_cmd(struct admin *a, uint16_t opcode, uint16_t group, uint64_t member,
		       const void *data, uint32_t len, uint32_t result_len)
{
	uint8_t out[512];
	uint32_t n = admin_header(out, opcode, group, member);

	cr_assert_leq(n + len, sizeof(out));
	if (len)
		memcpy(out + n, data, len);
	return admin_raw(a, out, n + len, 8 + result_len);
}

void admin_is(const struct reply *r, uint32_t answer)
{
	cr_assert(r->answered, "no answer");
	cr_assert_eq(ANSWER(r->status, r->qualifier), answer, "status %u, qualifier %u", r->status,
		     r->qualifier);
}

struct reply legacy_try_read(struct admin *a, unsigned int vf, uint16_t opcode, uint8_t offset,
			     uint32_t width)
{
	return admin_cmd(a, opcode, GROUP, vf, &offset, 1, width);
}

struct reply legacy_try_write(struct admin *a, unsigned int vf, uint16_t opcode, uint8_t offset,
			      uint64_t v, uint32_t width)
{
	uint8_t data[8 + 64] = { offset };
	uint32_t i;

	cr_assert_leq(width, 64);
	for (i = 0; i < width && i < 8; i++)
		data[8 + i] = (uint8_t)(v >> 8 * i);
	return admin_cmd(a, opcode, GROUP, vf, data, 8 + width, 0);
}

uint64_t legacy_get(struct admin *a, unsigned int vf, uint8_t offset, uint32_t width)
{
	struct reply r = legacy_try_read(a, vf, 3, offset, width);
	uint64_t v = 0;
	uint32_t i;

	admin_is(&r, OK);
	cr_assert_eq(r.used, 8 + width);
	for (i = 0; i < width; i++)
		v |= (uint64_t)r.result[i] << 8 * i;
	return v;
}

void legacy_put(struct admin *a, unsigned int vf, uint8_t offset, uint64_t v, uint32_t width)
{
	struct reply r = legacy_try_write(a, vf, 2, offset, v, width);

	admin_is(&r, OK);
	cr_assert_eq(r.used, 8);
}

void ring_legacy(struct ring *r, struct admin *a, unsigned int vf, unsigned int q)
{
	uint16_t size;

	legacy_put(a, vf, L_QSEL, q, 2);
	size = (uint16_t)legacy_get(a, vf, L_QSIZE, 2);
	ring_init(r, a->w, vf, q, size);
	r->desc = world_alloc(a->w, 4096 * 3, 4096);
	r->avail = r->desc + 16u * size;
	r->used = (r->avail + 6 + 2u * size + 4095) & ~UINT64_C(4095);
	legacy_put(a, vf, L_PFN, r->desc / 4096, 4);
	legacy_put(a, vf, L_QVEC, q + 1, 2);
}

void legacy_start(struct admin *a, unsigned int vf, uint32_t features)
{
	legacy_put(a, vf, L_STATUS, 0, 1);
	legacy_put(a, vf, L_STATUS, S_ACKNOWLEDGE, 1);
	legacy_put(a, vf, L_STATUS, S_ACKNOWLEDGE | S_DRIVER, 1);
	legacy_put(a, vf, L_GF, features, 4);
}

struct net net_modern(struct world *w, unsigned int fn, uint64_t features)
{
	struct net n = { .hlen = 12 };

	drv_start(w, fn, features);
	cr_assert(drv_status(w, fn) & S_FEATURES_OK);
	ring_modern(&n.rx, w, fn, NIC_Q_RX, 16);
	ring_modern(&n.tx, w, fn, NIC_Q_TX, 16);
	drv_ok(w, fn);
	return n;
}

struct net net_legacy(struct admin *a, unsigned int vf, uint32_t features)
{
	struct net n = { .hlen = features & F_MRG_RXBUF ? 12 : 10 };

	legacy_start(a, vf, features);
	ring_legacy(&n.rx, a, vf, NIC_Q_RX);
	ring_legacy(&n.tx, a, vf, NIC_Q_TX);
	legacy_put(a, vf, L_STATUS, S_ACKNOWLEDGE | S_DRIVER | S_DRIVER_OK, 1);
	return n;
}

uint64_t net_offer(struct net *n, uint32_t len)
{
	uint64_t at = world_alloc(n->rx.w, len, 16);
	struct buf b = { at, len, true };

	memset(n->rx.w->ram + at, 0xee, len);
	ring_add(&n->rx, &b, 1);
	return at;
}

void net_send(struct net *n, const void *frame, uint32_t len)
{
	uint32_t brk = n->tx.w->brk;
	uint64_t at = world_alloc(n->tx.w, n->hlen + len, 16);
	struct buf bufs[2] = { { at, n->hlen, false }, { at + n->hlen, len, false } };

	memcpy(n->tx.w->ram + at + n->hlen, frame, len);
	ring_add(&n->tx, bufs, 2);
	ring_kick(&n->tx);
	n->tx.w->brk = brk;
}

uint32_t net_received(struct net *n, uint32_t *id)
{
	uint32_t len;

	return ring_used(&n->rx, id, &len) ? len : 0;
}

void net_frame(struct world *w, uint8_t *frame, uint32_t len, int to, unsigned int from)
{
	struct nic_fn_state s;
	uint32_t i;

	for (i = 0; i < len; i++)
		frame[i] = (uint8_t)(i * 7 + 1);
	memset(frame, 0xff, 6);
	if (to >= 0) {
		nic_get_fn_state(w->nic, (unsigned int)to, &s);
		memcpy(frame, s.mac, 6);
	}
	nic_get_fn_state(w->nic, from, &s);
	memcpy(frame + 6, s.mac, 6);
}
