// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* VFs come and go, as the kernel's notices tell: vvbd has them, and their handlers, and lets go of them. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon.h"
#include "fake.h"

static struct daemon d;

static void begin(void)
{
	daemon_init(&d);
	daemon_vfs(&d, 1);
	mkdir(daemon_path(&d, "etc"), 0755);
	daemon_file(&d, "etc/vvb.conf",
		    "[vf 0000:10:00.1]\nhandler = exec-plugin\nplugin = " PLUGINS
		    "fixed-mac.so\narguments = 02:00:00:00:00:01\n");
	daemon_start(&d, "--foreground", "--log-level", "info", NULL);
	cr_assert(daemon_is_ready(&d, 20000), "the log: %s", daemon_log(&d));
}

static void end(void)
{
	daemon_exit(&d);
}

TestSuite(daemon_follow, .init = begin, .fini = end);

/* Takes no reply, so this ends with its time. */
static void notice(const char *says)
{
	const struct vvb_request vfs = { .kind = VVB_REQUEST_VFS };
	struct vvb_reply reply;

	d.ready = false;
	cr_expect_not(kernel_ask(&d.kernel, &vfs, &reply, 1000), "it was answered");
	cr_expect(daemon_says(&d, says, 20000), "wanted '%s', the log: %s", says, daemon_log(&d));
	cr_expect(daemon_is_ready(&d, 20000), "the manager was not told");
}

static unsigned int ask(int nr)
{
	const struct vvb_request read_mac = {
		.id = 8,
		.vf = DAEMON_VF(nr),
		.member = 1,
		.area = VVB_AREA_DEVICE,
		.field = VVB_FIELD_DEVICE_CONFIG,
		.width = 4,
	};
	struct vvb_reply reply = {};

	cr_assert(kernel_ask(&d.kernel, &read_mac, &reply, 5000), "the log: %s", daemon_log(&d));
	return reply.action;
}

Test(daemon_follow, a_vf_that_comes)
{
	cr_expect_eq(ask(1), VVB_REPLY_COMMAND, "before it is known");
	daemon_vfs(&d, 2);
	notice("0000:10:00.1: serving it");
	cr_expect(daemon_says(&d, "serving 2 of 2 VFs", 0));
	cr_expect(strstr(d.last, "STATUS=serving 2 VFs"), "%s", d.last);
	cr_expect_eq(ask(1), VVB_REPLY_VALUE, "by its plugin");
}

Test(daemon_follow, a_vf_that_leaves_and_comes_again)
{
	daemon_vfs(&d, 2);
	notice("serving 2 of 2 VFs");
	fake_remove("sys/bus/pci/drivers/virtio_vfio_bpf/0000:10:00.1");
	notice("0000:10:00.1: no longer there to serve");
	cr_expect(strstr(d.last, "STATUS=serving 1 VFs"), "%s", d.last);
	cr_expect_eq(ask(1), VVB_REPLY_COMMAND, "its handler was stopped");
	fake_file("", "sys/bus/pci/drivers/virtio_vfio_bpf/0000:10:00.1");
	notice("serving 2 of 2 VFs");
	cr_expect_eq(ask(1), VVB_REPLY_VALUE);
}
