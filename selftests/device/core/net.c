// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a network card is (virtio 1.3, 5.1): features, queues, struct virtio_net_config up to
 * supported_hash_types; and its links, and the uplink.
 */
#include <string.h>

#include "bytes.h"
#include "ctrl.h"
#include "fn.h"
#include "net.h"
#include "run.h"
#include "switch.h"
#include "tx.h"

#define NIC_F_NET                                                                                 \
	(NIC_F_MTU | NIC_F_MAC | NIC_F_MRG_RXBUF | NIC_F_STATUS | NIC_F_CTRL_VQ | NIC_F_CTRL_RX | \
	 NIC_F_CTRL_MAC_ADDR)
#define NIC_F_NEED_CTRL (NIC_F_CTRL_RX | NIC_F_CTRL_MAC_ADDR | NIC_F_MQ)

#define ETH_HDR_LEN 14u

#define CFG_MAC 0u
#define CFG_STATUS 6u
#define CFG_MAX_PAIRS 8u
#define CFG_MTU 10u
#define CFG_SPEED 12u
#define CFG_DUPLEX 16u

#define LINK_UP 1u
#define SPEED_MBPS 10000u
#define DUPLEX_FULL 1u

static const uint8_t config_start[] = { 0, 6, 8, 10, 12, 16, 17, 18, 20, NIC_DEVICE_CFG_LEN };

static unsigned int nr_queues(unsigned int pairs)
{
	return 2 * pairs + 1;
}

static uint64_t offered(unsigned int pairs)
{
	return NIC_F_NET | (pairs > 1 ? NIC_F_MQ : 0);
}

static bool acceptable(const struct nic_fn *f)
{
	return !(f->driver_features & NIC_F_NEED_CTRL) || nic_fn_has(f, NIC_F_CTRL_VQ);
}

static enum nic_role role(const struct nic_fn *f, unsigned int q)
{
	unsigned int ctrl = 2u * (nic_fn_has(f, NIC_F_MQ) ? f->max_pairs : 1u);

	if (q < ctrl)
		return q & 1 ? NIC_ROLE_TX : NIC_ROLE_RX;
	return q == ctrl ? NIC_ROLE_CTRL : NIC_ROLE_NONE;
}

/* New receive buffers are taken when a frame comes. */
static bool served(const struct nic_fn *f, enum nic_role role, unsigned int q)
{
	return role == NIC_ROLE_CTRL || (role == NIC_ROLE_TX && q / 2 < f->pairs);
}

static uint64_t serve(struct nic *nic, unsigned int fn, unsigned int q,
		      const struct nic_chain *chain)
{
	if (nic_fn_role(&nic->fn[fn], q) == NIC_ROLE_TX)
		nic_tx(nic, fn, q, chain);
	else
		nic_ctrl(nic, fn, q, chain);
	return 0;
}

static void config(const struct nic *nic, unsigned int fn, uint8_t *config)
{
	const struct nic_fn *f = &nic->fn[fn];

	memcpy(config + CFG_MAC, f->mac, sizeof(f->mac));
	nic_put_le(config + CFG_STATUS, f->link ? LINK_UP : 0, 2);
	nic_put_le(config + CFG_MAX_PAIRS, f->max_pairs, 2);
	nic_put_le(config + CFG_MTU, nic->set.mtu, 2);
	nic_put_le(config + CFG_SPEED, SPEED_MBPS, 4);
	config[CFG_DUPLEX] = DUPLEX_FULL;
}

/*
 * A legacy driver may set its MAC here, byte by byte, unless it has accepted the control
 * command for it. Every other field is read-only.
 */
static bool config_write(struct nic_fn *f, enum nic_interface through, unsigned int offset,
			 const uint8_t *bytes, unsigned int len)
{
	if (through != NIC_IF_LEGACY || offset + len > CFG_MAC + sizeof(f->mac) ||
	    nic_fn_has(f, NIC_F_CTRL_MAC_ADDR) || nic_fn_has(f, NIC_F_VERSION_1))
		return false;
	memcpy(f->mac + offset, bytes, len);
	return true;
}

static void permanent_mac(const struct nic *nic, unsigned int fn, uint8_t mac[6])
{
	unsigned int low;

	memcpy(mac, nic->set.mac, 6);
	low = (unsigned int)(mac[4] << 8 | mac[5]) + fn;
	mac[4] = (uint8_t)(low >> 8);
	mac[5] = (uint8_t)low;
}

static void init(struct nic *nic, unsigned int fn)
{
	nic->fn[fn].link = true;
	permanent_mac(nic, fn, nic->fn[fn].permanent_mac);
}

static void reset(struct nic *nic, unsigned int fn)
{
	struct nic_fn *f = &nic->fn[fn];

	memset(f->flow, 0, sizeof(f->flow));
	memcpy(f->mac, f->permanent_mac, sizeof(f->mac));
	nic_switch_forget(nic, fn);
}

const struct nic_type_ops nic_net = {
	.config_start = config_start,
	.config_len = NIC_DEVICE_CFG_LEN,
	.nr_queues = nr_queues,
	.offered = offered,
	.acceptable = acceptable,
	.role = role,
	.served = served,
	.serve = serve,
	.config = config,
	.config_write = config_write,
	.init = init,
	.reset = reset,
};

void nic_set_link(struct nic *nic, unsigned int fn, bool up)
{
	struct nic_fn *f = nic_fn_get(nic, fn);

	if (!f || f->type != &nic_net || f->link == up)
		return;
	f->link = up;
	f->config_generation++;
	nic_fn_config_interrupt(nic, fn);
}

bool nic_link(const struct nic *nic, unsigned int fn)
{
	return fn < NIC_NR_FNS && nic->fn[fn].exists && nic->fn[fn].link;
}

/*
 * Receiving counts as the outer loop's work: a doorbell that our DMA rings meanwhile
 * waits until the frame is delivered.
 */
bool nic_uplink_receive(struct nic *nic, const void *frame, size_t len)
{
	bool inside = nic->running;
	bool taken;

	if (nic->type != &nic_net || len < ETH_HDR_LEN || len > NIC_FRAME_MAX)
		return false;
	nic->count.uplink_rx++;
	nic->running = true;
	taken = nic_switch_frame(nic, NIC_UPLINK, frame, len);
	nic->running = inside;
	nic_run(nic);
	return taken;
}
