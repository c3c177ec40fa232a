/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the NIC's core share; nobody outside includes it. */
#ifndef NIC_INT_H
#define NIC_INT_H

#include "nic.h"

/* device status */
#define NIC_S_FEATURES_OK 8u
#define NIC_S_DRIVER_OK 4u
#define NIC_S_NEEDS_RESET 64u

/* features */
#define NIC_BIT(n) (UINT64_C(1) << (n))
#define NIC_F_MTU NIC_BIT(3)
#define NIC_F_MAC NIC_BIT(5)
#define NIC_F_MRG_RXBUF NIC_BIT(15)
#define NIC_F_STATUS NIC_BIT(16)
#define NIC_F_CTRL_VQ NIC_BIT(17)
#define NIC_F_CTRL_RX NIC_BIT(18)
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
#define NIC_OPCODE_BITS 0x7fu

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

struct nic_fn {
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
	uint8_t pending; /* bit per queue: its doorbell was rung */
	uint64_t flr_until;
	struct nic_vq vq[NIC_NR_QUEUES];
	struct nic_fn_counters count;
};

struct nic_admin {
	uint64_t used_opcodes; /* enabled by LIST_USE, SR-IOV group */
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
	struct nic_faults faults;
	unsigned int num_vfs;
	struct nic_fn fn[NIC_NR_FNS];
	struct nic_admin admin;
	struct nic_switch sw;

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

/* bytes.c */
uint64_t nic_get_le(const void *from, unsigned int n);
void nic_put_le(void *to, uint64_t v, unsigned int n);
uint64_t nic_all_ones(unsigned int width);
bool nic_width_ok(unsigned int width);

/* fn.c */
struct nic_fn *nic_fn_get(struct nic *nic, unsigned int fn);
uint64_t nic_fn_offered(const struct nic *nic, unsigned int fn);
uint64_t nic_fn_offered_legacy(const struct nic *nic);
bool nic_fn_has(const struct nic_fn *f, uint64_t features);
bool nic_fn_claim(struct nic_fn *f, enum nic_interface interface);
void nic_fn_init(struct nic *nic, unsigned int fn);
void nic_fn_device_reset(struct nic *nic, unsigned int fn);
void nic_fn_write_status(struct nic *nic, unsigned int fn, uint8_t status);
uint16_t nic_fn_vector(const struct nic_fn *f, uint16_t vector);
void nic_fn_queue_interrupt(struct nic *nic, unsigned int fn, uint16_t vector);
void nic_fn_config_interrupt(struct nic *nic, unsigned int fn);
struct nic_vq *nic_fn_selected(struct nic_fn *f);

/* config.c */
void nic_config_bytes(const struct nic *nic, unsigned int fn, uint8_t config[NIC_DEVICE_CFG_MAX]);
void nic_config_legacy_write(struct nic *nic, unsigned int fn, unsigned int offset,
			     const uint8_t *bytes, unsigned int len);
bool nic_config_one_field(const struct nic *nic, unsigned int offset, unsigned int len);

/* legacy.c */
bool nic_legacy_one_field(unsigned int offset, unsigned int len);
uint32_t nic_legacy_read(struct nic *nic, unsigned int fn, unsigned int offset);
void nic_legacy_write(struct nic *nic, unsigned int fn, unsigned int offset, uint32_t value);

/* ring.c */
void nic_vq_init(struct nic_vq *vq, uint16_t size_max);
void nic_vq_reset(struct nic_vq *vq);
void nic_vq_reset_ring(struct nic_vq *vq);
bool nic_vq_live(const struct nic_fn *f, unsigned int q);
int nic_vq_pop(struct nic *nic, unsigned int fn, unsigned int q, struct nic_chain *chain);
void nic_vq_unpop(struct nic_vq *vq, unsigned int n);
int nic_vq_used(struct nic *nic, unsigned int fn, unsigned int q, uint32_t gen, unsigned int ahead,
		uint16_t head, uint32_t len);
void nic_vq_publish(struct nic *nic, unsigned int fn, unsigned int q, uint32_t gen, unsigned int n);
void nic_vq_push(struct nic *nic, unsigned int fn, unsigned int q, const struct nic_chain *chain,
		 uint32_t len);
void nic_vq_break(struct nic *nic, unsigned int fn, unsigned int q);
unsigned int nic_vq_waiting(struct nic *nic, unsigned int fn, unsigned int q);

/* chain.c */
int nic_chain_walk(struct nic *nic, unsigned int fn, unsigned int q, struct nic_chain *chain);
int nic_chain_read(struct nic *nic, unsigned int fn, const struct nic_chain *chain, uint64_t offset,
		   void *buf, size_t len);
int nic_chain_write(struct nic *nic, unsigned int fn, const struct nic_chain *chain,
		    uint64_t offset, const void *buf, size_t len);
bool nic_chain_in_addr(const struct nic_chain *chain, uint64_t offset, uint64_t *addr);

/* run.c */
void nic_kick(struct nic *nic, unsigned int fn, unsigned int q);
void nic_kick_all(struct nic *nic, unsigned int fn);
void nic_run(struct nic *nic);

/* net.c */
void nic_tx(struct nic *nic, unsigned int fn, const struct nic_chain *chain);
bool nic_rx(struct nic *nic, unsigned int fn, const uint8_t *frame, size_t len);
bool nic_rx_ready(const struct nic *nic, unsigned int fn);

/* ctrl.c */
void nic_ctrl(struct nic *nic, unsigned int fn, const struct nic_chain *chain);

/* switch.c */
bool nic_switch_frame(struct nic *nic, unsigned int port, const uint8_t *frame, size_t len);
void nic_switch_forget(struct nic *nic, unsigned int port);

/* admin.c */
unsigned int nic_admin_serve(struct nic *nic, unsigned int budget);
void nic_admin_reset(struct nic *nic);

/* trace.c */
void nic_trace_init(struct nic *nic);
void nic_trace_add(struct nic *nic, const struct nic_trace_entry *entry);

/* command.c */
void nic_command(struct nic *nic, const struct nic_chain *chain);
void nic_command_lost(struct nic *nic, const struct nic_chain *chain);

#endif /* NIC_INT_H */
