// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What VFIO_DEVICE_GET_REGION_INFO says of BAR0: doorbell_cap VF yes|no, whether the kernel lets a driver add
 * a capability.
 */
#include <sys/ioctl.h>

#include <uapi/vvb.h>

#include "check_vf.h"
#include "legacy.h"

#define ROOM 4096
#define CANARY 0x5a

static struct vf vf;
static union {
	struct vfio_region_info info;
	unsigned char bytes[ROOM];
} reply;

static int ask(unsigned int region, uint32_t argsz)
{
	memset(&reply, CANARY, sizeof(reply));
	reply.info.argsz = argsz;
	reply.info.index = region;
	return ioctl(vf.device, VFIO_DEVICE_GET_REGION_INFO, &reply) ? -errno : 0;
}

/* In the last reply; NULL: it is not there. */
static const struct vvb_region_info_cap_doorbell *find(void)
{
	const struct vfio_info_cap_header *header;
	uint32_t at = reply.info.flags & VFIO_REGION_INFO_FLAG_CAPS ? reply.info.cap_offset : 0;

	for (; at && at <= ROOM - sizeof(struct vvb_region_info_cap_doorbell); at = header->next) {
		header = (const struct vfio_info_cap_header *)(reply.bytes + at);
		if (header->id == VVB_REGION_INFO_CAP_DOORBELL)
			return (const struct vvb_region_info_cap_doorbell *)header;
	}
	return NULL;
}

static void bar0(int wanted)
{
	const struct vvb_region_info_cap_doorbell *cap;

	check_eq(ask(VFIO_PCI_BAR0_REGION_INDEX, ROOM), 0, "BAR0");
	check_eq((long long)reply.info.size, (long long)vf.bar0_size, "its size");
	check_eq(reply.info.flags & ~VFIO_REGION_INFO_FLAG_CAPS,
		 vf.bar0_size ? VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE : 0,
		 "what can be done with it");
	cap = find();
	check_eq(!!cap, wanted, "it has a doorbell");
	if (!cap)
		return;
	check_eq(cap->version, VVB_REGION_INFO_CAP_DOORBELL_VERSION, "version");
	check_eq((long long)cap->offset, LEGACY_QUEUE_NOTIFY, "offset");
	check_eq(cap->width, 2, "width");
	check_eq(cap->eventfds, 256, "eventfds");
	/* who has no room for it is told how much there is to tell */
	check_eq(ask(VFIO_PCI_BAR0_REGION_INDEX, sizeof(reply.info)), 0,
		 "BAR0, with no room for more");
	check(reply.info.argsz > sizeof(reply.info), "it takes %u bytes", reply.info.argsz);
	check_eq(reply.bytes[sizeof(reply.info)], CANARY, "nothing is written behind the room");
}

int main(int argc, char **argv)
{
	if (argc < 3)
		check_die("usage: doorbell_cap VF yes|no");
	check_vf_open(&vf, argv[1]);
	bar0(!strcmp(argv[2], "yes"));
	for (unsigned int region = VFIO_PCI_BAR1_REGION_INDEX;
	     region <= VFIO_PCI_CONFIG_REGION_INDEX; region++)
		check(ask(region, ROOM) || !find(), "region %u has none", region);
	vf_close(&vf);
	return check_result();
}
