/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A small driver for the NIC in its little world: queues, the modern and the legacy way
 * to start a function, administration commands. It can build any wrong thing, too.
 */
#ifndef DRIVER_H
#define DRIVER_H

#include "world.h"

#define F(n) (UINT64_C(1) << (n))
#define F_MTU F(3)
#define F_MAC F(5)
#define F_MRG_RXBUF F(15)
#define F_STATUS F(16)
#define F_CTRL_VQ F(17)
#define F_CTRL_RX F(18)
#define F_CTRL_MAC_ADDR F(23)
#define F_ANY_LAYOUT F(27)
#define F_INDIRECT F(28)
#define F_EVENT_IDX F(29)
#define F_VERSION_1 F(32)
#define F_ACCESS_PLATFORM F(33)
#define F_SR_IOV F(37)
#define F_RING_RESET F(40)
#define F_ADMIN_VQ F(41)

#define S_ACKNOWLEDGE 1u
#define S_DRIVER 2u
#define S_DRIVER_OK 4u
#define S_FEATURES_OK 8u
#define S_NEEDS_RESET 64u
#define S_FAILED 128u

#define D_NEXT 1u
#define D_WRITE 2u
#define D_INDIRECT 4u

/* offsets in virtio_pci_common_cfg */
#define C_DFSELECT 0u
#define C_DF 4u
#define C_GFSELECT 8u
#define C_GF 12u
#define C_MSIX 16u
#define C_NUMQ 18u
#define C_STATUS 20u
#define C_GENERATION 21u
#define C_Q_SELECT 22u
#define C_Q_SIZE 24u
#define C_Q_MSIX 26u
#define C_Q_ENABLE 28u
#define C_Q_NOFF 30u
#define C_Q_DESC 32u
#define C_Q_DRIVER 40u
#define C_Q_DEVICE 48u
#define C_Q_NDATA 56u
#define C_Q_RESET 58u
#define C_ADM_IDX 60u
#define C_ADM_NUM 62u

/* offsets in the legacy register file */
#define L_DF 0u
#define L_GF 4u
#define L_PFN 8u
#define L_QSIZE 12u
#define L_QSEL 14u
#define L_NOTIFY 16u
#define L_STATUS 18u
#define L_ISR 19u
#define L_CVEC 20u
#define L_QVEC 22u

struct ring {
	struct world *w;
	unsigned int fn;
	unsigned int q;
	uint16_t size;
	uint64_t desc;
	uint64_t avail;
	uint64_t used;
	uint16_t avail_idx;
	uint16_t seen;
	uint16_t next; /* descriptor to be used next, round and round */
};

struct buf {
	uint64_t addr;
	uint32_t len;
	bool in; /* device-writable */
};

/* modern interface */
void drv_start(struct world *w, unsigned int fn, uint64_t features);
void drv_ok(struct world *w, unsigned int fn);
uint8_t drv_status(struct world *w, unsigned int fn);
uint64_t drv_offered(struct world *w, unsigned int fn);
void ring_modern(struct ring *r, struct world *w, unsigned int fn, unsigned int q, uint16_t size);

/* rings of either kind */
void ring_desc(struct ring *r, uint16_t i, uint64_t addr, uint32_t len, uint16_t flags,
	       uint16_t next);
void ring_offer(struct ring *r, uint16_t head);
uint16_t ring_add(struct ring *r, const struct buf *bufs, unsigned int n);
uint16_t ring_add_indirect(struct ring *r, const struct buf *bufs, unsigned int n);
void ring_kick(struct ring *r);
uint16_t ring_used_idx(struct ring *r);
bool ring_used(struct ring *r, uint32_t *id, uint32_t *len);

/* administration commands */
struct reply {
	bool answered;
	uint16_t status;
	uint16_t qualifier;
	uint32_t used; /* as the device reports it */
	uint8_t result[128];
};

struct admin {
	struct world *w;
	struct ring ring;
};

/* Status and qualifier of an answer as one number, for admin_is(). */
#define ANSWER(status, qualifier) ((uint32_t)(status) << 16 | (qualifier))

enum {
	OK = 0,
	TRY_AGAIN = ANSWER(11, 7),
	INVALID_OPCODE = ANSWER(22, 2),
	INVALID_FIELD = ANSWER(22, 3),
	INVALID_GROUP = ANSWER(22, 4),
	INVALID_MEMBER = ANSWER(22, 5),
};

#define GROUP 1 /* SR-IOV */

/* The PF started with an administration queue, nothing enabled on it. */
struct admin admin_start(struct world *w);
/* The same, with every command enabled. */
struct admin admin_ready(struct world *w);
/* Puts a command into the queue without a kick; raw parts, any length. */
uint64_t admin_put(struct admin *a, const void *out, uint32_t out_len, uint32_t in_len);
struct reply admin_reply(struct admin *a, uint64_t in, uint32_t in_len);
struct reply admin_raw(struct admin *a, const void *out, uint32_t out_len, uint32_t in_len);
struct reply admin_cmd(struct admin *a, uint16_t opcode, uint16_t group, uint64_t member,
		       const void *data, uint32_t len, uint32_t result_len);
uint32_t admin_header(uint8_t *to, uint16_t opcode, uint16_t group, uint64_t member);
void admin_is(const struct reply *r, uint32_t answer);

/* legacy register file of a VF, by admin command; they must succeed */
uint64_t legacy_get(struct admin *a, unsigned int vf, uint8_t offset, uint32_t width);
void legacy_put(struct admin *a, unsigned int vf, uint8_t offset, uint64_t v, uint32_t width);
struct reply legacy_try_read(struct admin *a, unsigned int vf, uint16_t opcode, uint8_t offset,
			     uint32_t width);
struct reply legacy_try_write(struct admin *a, unsigned int vf, uint16_t opcode, uint8_t offset,
			      uint64_t v, uint32_t width);
void ring_legacy(struct ring *r, struct admin *a, unsigned int vf, unsigned int q);
void legacy_start(struct admin *a, unsigned int vf, uint32_t features);

/* a network function with rx and tx rings */
struct net {
	struct ring rx;
	struct ring tx;
	uint32_t hlen;
};

#define NET_MODERN (F_VERSION_1 | F_ACCESS_PLATFORM | F_MAC | F_STATUS)

struct net net_modern(struct world *w, unsigned int fn, uint64_t features);
struct net net_legacy(struct admin *a, unsigned int vf, uint32_t features);
uint64_t net_offer(struct net *n, uint32_t len);
void net_send(struct net *n, const void *frame, uint32_t len);
/* bytes of the next used rx buffer, 0 when there is none */
uint32_t net_received(struct net *n, uint32_t *id);
/* a frame of @len bytes from function @from's MAC; to: 0..64 a function, -1 broadcast */
void net_frame(struct world *w, uint8_t *frame, uint32_t len, int to, unsigned int from);

#endif /* DRIVER_H */
