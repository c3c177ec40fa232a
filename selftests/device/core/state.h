/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a NIC is made of: for the files of the core, nobody outside includes it. */
#ifndef NIC_STATE_H
#define NIC_STATE_H

#include "nic.h"

/* device status */
#define NIC_S_FEATURES_OK 8u
#define NIC_S_DRIVER_OK 4u
#define NIC_S_NEEDS_RESET 64u

/* features; those up to 23 are the type's */
#define NIC_BIT(n) (UINT64_C(1) << (n))
#define NIC_F_BLK_SIZE_MAX NIC_BIT(1)
#define NIC_F_BLK_SEG_MAX NIC_BIT(2)
#define NIC_F_BLK_BLK_SIZE NIC_BIT(6)
#define NIC_F_BLK_FLUSH NIC_BIT(9)
#define NIC_F_BLK_CONFIG_WCE NIC_BIT(11)
#define NIC_F_BLK_MQ NIC_BIT(12)
#define NIC_F_BLK_DISCARD NIC_BIT(13)
#define NIC_F_BLK_WRITE_ZEROES NIC_BIT(14)
#define NIC_F_MTU NIC_BIT(3)
#define NIC_F_MAC NIC_BIT(5)
#define NIC_F_MRG_RXBUF NIC_BIT(15)
#define NIC_F_STATUS NIC_BIT(16)
#define NIC_F_CTRL_VQ NIC_BIT(17)
#define NIC_F_CTRL_RX NIC_BIT(18)
#define NIC_F_MQ NIC_BIT(22)
#define NIC_F_CTRL_MAC_ADDR NIC_BIT(23)
#define NIC_F_ANY_LAYOUT NIC_BIT(27)
#define NIC_F_INDIRECT_DESC NIC_BIT(28)
#define NIC_F_EVENT_IDX NIC_BIT(29)
#define NIC_F_VERSION_1 NIC_BIT(32)
#define NIC_F_ACCESS_PLATFORM NIC_BIT(33)
#define NIC_F_SR_IOV NIC_BIT(37)
#define NIC_F_RING_RESET NIC_BIT(40)
#define NIC_F_ADMIN_VQ NIC_BIT(41)

#define NIC_ISR_QUEUE 1u
#define NIC_ISR_CONFIG 2u

#define NIC_QUEUE_SIZE_MAX 1024u
#define NIC_CHAIN_MAX 1024u /* descriptors in one chain, an indirect table included */
#define NIC_UPLINK NIC_NR_FNS /* port number in the switch */
#define NIC_MAC_TABLE 256u
#define NIC_FLOWS 256u

struct nic_chain;
struct nic_fn;

/* One split virtqueue. @gen changes whenever the ring is taken away under its users. */
struct nic_vq {
	uint64_t desc;
	uint64_t avail;
	uint64_t used;
	uint32_t gen;
	uint32_t pfn; /* as a legacy driver wrote it */
	uint16_t size; /* in force; starts as size_max */
	uint16_t size_max; /* 0: no such queue */
	uint16_t vector;
	uint16_t last_avail; /* next avail entry to take */
	uint16_t used_idx; /* as published */
	bool enabled;
	bool broken;
};

struct nic_seg {
	uint64_t addr;
	uint32_t len;
};

/* A chain of descriptors, taken off a queue: device-readable parts, then writable ones. */
struct nic_chain {
	uint32_t gen;
	uint16_t head;
	uint16_t nr_out;
	uint16_t nr_in;
	uint64_t out_len;
	uint64_t in_len;
	struct nic_seg seg[NIC_CHAIN_MAX];
};

/* What a queue is for; with or without VIRTIO_NET_F_MQ the same index may be another. */
enum nic_role {
	NIC_ROLE_NONE = 0, /* no such queue */
	NIC_ROLE_RX,
	NIC_ROLE_TX,
	NIC_ROLE_CTRL,
	NIC_ROLE_REQUEST, /* of a disk */
	NIC_ROLE_ADMIN,
};

/**
 * struct nic_type_ops - what a type of device is, to the files that are the same for all types
 * @config_start: where the fields of its device configuration begin, in ascending order; the last
 *		entry is the end of them all
 * @config_len:	that end
 * @nr_queues:	of a function with so many pairs, but for the administration queue behind them
 * @offered:	features of its own that a function with so many pairs offers
 * @acceptable:	do the features that the driver has chosen go together?
 * @role:	of one of these queues, as the driver's features have it
 * @served:	does that queue make work by itself?
 * @serve:	takes care of a chain of such a queue, and gives it back. Return: how many bytes that was
 *		to move, if it was so many that the outer loop should know
 * @config:	fills in its device configuration
 * @config_write: a driver writes to a part of one field of it; false: it can't
 * @init:	NULL, or a function comes into being, and is reset then
 * @reset:	a function begins anew
 */
struct nic_type_ops {
	const uint8_t *config_start;
	unsigned int config_len;
	unsigned int (*nr_queues)(unsigned int pairs);
	uint64_t (*offered)(unsigned int pairs);
	bool (*acceptable)(const struct nic_fn *f);
	enum nic_role (*role)(const struct nic_fn *f, unsigned int q);
	bool (*served)(const struct nic_fn *f, enum nic_role role, unsigned int q);
	uint64_t (*serve)(struct nic *nic, unsigned int fn, unsigned int q,
			  const struct nic_chain *chain);
	void (*config)(const struct nic *nic, unsigned int fn, uint8_t *config);
	bool (*config_write)(struct nic_fn *f, enum nic_interface through, unsigned int offset,
			     const uint8_t *bytes, unsigned int len);
	void (*init)(struct nic *nic, unsigned int fn);
	void (*reset)(struct nic *nic, unsigned int fn);
};

struct nic_fn {
	const struct nic_type_ops *type;
	bool exists;
	enum nic_interface interface;
	uint8_t status;
	uint8_t isr;
	uint8_t config_generation;
	bool driver_features_high; /* a bit of 64 and above was written */
	bool msix;
	bool link;
	uint16_t nr_vectors;
	uint16_t config_vector;
	uint16_t queue_select;
	uint32_t device_feature_select;
	uint32_t driver_feature_select;
	uint64_t driver_features;
	uint8_t mac[6];
	uint8_t permanent_mac[6];
	uint32_t pending; /* bit per queue: its doorbell was rung */
	uint64_t rung_ns[NIC_MAX_QUEUES]; /* when that was, last */
	uint64_t flr_until;
	uint64_t reset_until; /* by a driver; until then it is not over */
	uint8_t reset_status; /* and the status that is shown */
	uint16_t max_pairs;
	uint16_t pairs; /* in use */
	uint8_t flow[NIC_FLOWS]; /* the pair that last sent of it, plus 1; 0: none has */
	bool writeback; /* of a disk: what its driver has set, 1 after a reset */
	struct nic_vq vq[NIC_MAX_QUEUES];
	struct nic_fn_counters count;
};

struct nic_admin {
	uint64_t used_opcodes[2]; /* enabled by LIST_USE, by group: self, SR-IOV */
	bool busy; /* @chain is in service until @done_at */
	uint64_t done_at;
	struct nic_chain chain;
};

struct nic_mac_entry {
	uint8_t mac[6];
	uint8_t port;
	bool valid;
};

struct nic_switch {
	struct nic_mac_entry entry[NIC_MAC_TABLE];
	unsigned int next; /* to be overwritten when none is free */
};

struct nic {
	struct nic_ops ops;
	void *opaque;
	struct nic_settings set;
	const struct nic_type_ops *type;
	struct nic_faults faults;
	unsigned int num_vfs;
	struct nic_fn fn[NIC_NR_FNS];
	struct nic_admin admin;
	struct nic_switch sw;
	uint8_t *disk; /* of all functions, one after the other */

	bool running; /* the outer loop is at work: nic_run() */
	bool work; /* some fn[].pending is not zero */
	uint64_t resume_at; /* the loop ran out of budget: goes on then */
	uint64_t armed; /* what the embedder's timer is set to */

	struct nic_counters count;
	uint64_t trace_seq;
	uint64_t digest; /* of all of them, see nic_digest() */
	struct nic_trace_entry trace[NIC_TRACE_LEN];

	/* scratch: one queue is served at a time, receiving queues inside of it */
	struct nic_chain serve_chain;
	struct nic_chain rx_chain;
	uint8_t frame[NIC_FRAME_MAX];
};

#endif /* NIC_STATE_H */
