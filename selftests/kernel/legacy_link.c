// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Device configuration changes reach a legacy driver: legacy_link VF, where VF is number 1
 * The link goes down and up, with MSI-X (config vector) and without (bit 1 of the ISR).
 */
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "check_vf.h"
#include "net.h"

#define CONFIG_STATUS 6
#define WAIT_MS 5000

static struct vf vf;
static struct net net;

static void link_goes(const char *where)
{
	char command[64];

	snprintf(command, sizeof(command), "testbed set link-%s 1", where);
	if (system(command))
		check_die("%s", command);
}

static uint16_t status(void)
{
	return legacy_get16(&vf, (net.msix ? LEGACY_CONFIG_MSIX : LEGACY_CONFIG) + CONFIG_STATUS);
}

static int interrupted(void)
{
	struct pollfd pfd = { .fd = net.event[0], .events = POLLIN };
	uint64_t count;

	if (!net.msix)
		return !!(legacy_get8(&vf, LEGACY_ISR_STATUS) & LEGACY_ISR_CONFIG);
	return poll(&pfd, 1, WAIT_MS) == 1 && read(pfd.fd, &count, sizeof(count)) == sizeof(count);
}

static void run(int msix)
{
	const struct net_options options = { .features = NET_F_MAC | NET_F_STATUS, .msix = msix };
	const char *why, *how = msix ? "MSI-X" : "ISR";
	int err = net_up(&net, &vf, &options, &why);

	if (err)
		check_die("%s: %s: %s", how, why, strerror(-err));
	check_eq(status(), 1, "%s: link is up", how);
	link_goes("down");
	check(interrupted(), "%s: configuration changed", how);
	check_eq(status(), 0, "%s: link is down", how);
	link_goes("up");
	check(interrupted(), "%s: configuration changed", how);
	check_eq(status(), 1, "%s: link is up again", how);
	if (!msix)
		check_eq(legacy_get8(&vf, LEGACY_ISR_STATUS), 0, "%s: reading it clears it", how);
	net_down(&net);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		check_die("usage: legacy_link VF");
	check_vf_open(&vf, argv[1]);
	run(1);
	run(0);
	vf_close(&vf);
	return check_result();
}
