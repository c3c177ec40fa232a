// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The world around the core: memory as each function's requester ID sees it, MSI-X, the
 * virtual clock, and an optional netdev as the uplink.
 */
#include "qemu/osdep.h"
#include "hw/pci/msix.h"
#include "qapi/error.h"
#include "world.h"

static int dma_read(void *opaque, unsigned int fn, uint64_t iova, void *buf, size_t len)
{
	PCIDevice *pci = vvb_function(opaque, fn);

	return !pci || pci_dma_read(pci, iova, buf, len) != MEMTX_OK;
}

static int dma_write(void *opaque, unsigned int fn, uint64_t iova, const void *buf, size_t len)
{
	PCIDevice *pci = vvb_function(opaque, fn);

	return !pci || pci_dma_write(pci, iova, buf, len) != MEMTX_OK;
}

static void notify_vector(void *opaque, unsigned int fn, unsigned int vector)
{
	PCIDevice *pci = vvb_function(opaque, fn);

	if (pci)
		msix_notify(pci, vector);
}

static uint64_t now_ns(void *opaque)
{
	return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

static void arm_timer(void *opaque, uint64_t deadline_ns)
{
	VvbNic *nic = opaque;

	if (deadline_ns == NIC_NO_DEADLINE)
		timer_del(nic->timer);
	else
		timer_mod_ns(nic->timer, MIN(deadline_ns, INT64_MAX));
}

static void deadline_passed(void *opaque)
{
	VvbNic *nic = opaque;

	nic_timer_expired(nic->core);
}

static void uplink_send(void *opaque, const void *frame, size_t len)
{
	VvbNic *nic = opaque;

	if (nic->uplink)
		qemu_send_packet(qemu_get_queue(nic->uplink), frame, len);
}

/* A frame that nobody has a buffer for is dropped, as on a wire. */
static ssize_t uplink_receive(NetClientState *nc, const uint8_t *frame, size_t len)
{
	VvbNic *nic = qemu_get_nic_opaque(nc);

	nic_uplink_receive(nic->core, frame, len);
	return len;
}

static void uplink_link_changed(NetClientState *nc)
{
	vvb_update_link(qemu_get_nic_opaque(nc));
}

static const struct nic_ops world_ops = {
	.dma_read = dma_read,
	.dma_write = dma_write,
	.msix_notify = notify_vector,
	.now_ns = now_ns,
	.arm_timer = arm_timer,
	.uplink_send = uplink_send,
};

static NetClientInfo uplink_info = {
	.type = NET_CLIENT_DRIVER_NIC,
	.size = sizeof(NICState),
	.receive = uplink_receive,
	.link_status_changed = uplink_link_changed,
};

/* Down as soon as one of "link" and the uplink's own is; new VFs start up. */
void vvb_update_link(VvbNic *nic)
{
	bool up = nic->link && !(nic->uplink && qemu_get_queue(nic->uplink)->link_down);
	unsigned int fn;

	for (fn = 0; fn <= nic_num_vfs(nic->core); fn++)
		nic_set_link(nic->core, fn, up);
}

bool vvb_world_init(VvbNic *nic, Error **errp)
{
	qemu_macaddr_default_if_unset(&nic->conf.macaddr);
	memcpy(nic->settings.mac, nic->conf.macaddr.a, sizeof(nic->settings.mac));
	nic->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, deadline_passed, nic);
	nic->core = nic_new(&world_ops, nic, &nic->settings);
	if (!nic->core) {
		error_setg(errp, "a setting is out of range, or memory is short");
		timer_free(nic->timer);
		return false;
	}
	nic_set_faults(nic->core, &nic->faults);
	if (nic->conf.peers.ncs[0]) {
		nic->uplink = qemu_new_nic(&uplink_info, &nic->conf, TYPE_VVB_NIC, DEVICE(nic)->id,
					   &DEVICE(nic)->mem_reentrancy_guard, nic);
		qemu_format_nic_info_str(qemu_get_queue(nic->uplink), nic->conf.macaddr.a);
	}
	vvb_update_link(nic);
	return true;
}

void vvb_world_exit(VvbNic *nic)
{
	if (nic->uplink)
		qemu_del_nic(nic->uplink);
	timer_free(nic->timer);
	nic_free(nic->core);
	nic->core = NULL;
}
