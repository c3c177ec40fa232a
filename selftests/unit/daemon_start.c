// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* How vvbd starts, and what keeps it from starting. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon.h"

static struct daemon d;

static void begin(void)
{
	daemon_init(&d);
	daemon_vfs(&d, 2);
}

static void end(void)
{
	daemon_exit(&d);
}

TestSuite(daemon_start, .init = begin, .fini = end);

static void refused(const char *says)
{
	int status = daemon_wait(&d, 10000);

	cr_expect_eq(status, 1, "%d", status);
	cr_expect(strstr(daemon_log(&d), says), "wanted: %s; the log: %s", says, daemon_log(&d));
}

/* Rights are a thread's own: it would keep what vvbd gives up. */
Test(daemon_start, a_plugin_with_a_thread)
{
	daemon_file(&d, "vvbd.conf", "[default]\nhandler = exec-plugin\nplugin = %s\n",
		    PLUGINS "plugin-thread.so");
	daemon_start(&d, "--foreground", "--config", daemon_path(&d, "vvbd.conf"), NULL);
	refused("plugin-thread.so: starts threads, and may start none");
	daemon_start(&d, "--check-config", "--config", daemon_path(&d, "vvbd.conf"), NULL);
	refused("vvbd.conf:3: ");
}

/* Not a plugin's, but of something that came with one, or with the C library. */
Test(daemon_start, a_thread_of_nobody)
{
	d.preload = " " PLUGINS "plugin-thread.so";
	daemon_start(&d, "--foreground", NULL);
	refused("2 threads");
}
