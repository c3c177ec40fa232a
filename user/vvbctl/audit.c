// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>
#include <unistd.h>

#include "audit.h"
#include "libvvb/paths.h"
#include "text.h"

/* Stays the same under su and sudo; -1: there is none. */
static int login_uid(void)
{
	char text[16] = "";

	return vvb_read_text("/proc/self/loginuid", text, sizeof(text)) || !*text ?
		       -1 :
		       (int)strtoul(text, NULL, 10);
}

void audit(const char *fmt, ...)
{
	char *text, *safe;
	va_list args;
	int ret;

	va_start(args, fmt);
	ret = vasprintf(&text, fmt, args);
	va_end(args);
	if (ret < 0)
		return;
	safe = text_for_terminal(text, "");
	openlog("vvbctl", LOG_PID, LOG_AUTHPRIV);
	if (safe)
		syslog(LOG_NOTICE, "%s, by uid %u, login uid %d", safe, getuid(), login_uid());
	closelog();
	free(safe);
	free(text);
}

void audit_loaded(const struct vvb_policy *policy, const char *done, const char *file)
{
	audit("%s %s %s from %s", policy->guard ? "guard" : "policy", policy->name, done, file);
}
