// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A plugin of vvbd that turns on its host: what the guest writes to queue_select, beginning at
 * 0x100, says how. It tells the log how far it came. Everything else is answered as legacy-admin
 * would.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

#include <vvb/plugin.h>

enum crime {
	READ_A_FILE = 0x100,
	WRITE_A_FILE,
	MAKE_CODE,
	SPEAK_TO_THE_NET,
	START_A_PROGRAM,
	HANG,
	FAIL,
	SWALLOW_TOO_MUCH,
	REACH_FOR_ANOTHER_VF,
	CRASH,
	SAY_NOTHING,
};

static void tell(const struct vvb_plugin_host *host, const char *what, int err)
{
	char text[96];

	snprintf(text, sizeof(text), "%s: %s", what, err ? strerror(err) : "done");
	host->say(host, LOG_WARNING, text);
}

static int open_a_file(const char *path, int flags)
{
	return open(path, flags) < 0 ? errno : 0;
}

static int make_code(void)
{
	return mmap(NULL, 4096, PROT_EXEC | PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
			       MAP_FAILED ?
		       errno :
		       0;
}

static int reach_for_another_vf(const struct vvb_plugin_host *host,
				const struct vvb_request *request)
{
	struct vvb_request other = *request;
	struct vvb_reply reply;

	other.member++;
	host->legacy_admin(host, &other, &reply);
	return -host->command(host, request->id, &reply.command, NULL);
}

static void hang(void)
{
	for (;;)
		__asm__ volatile("");
}

static int commit(const struct vvb_plugin_host *host, const struct vvb_request *request,
		  struct vvb_reply *reply)
{
	switch (request->value) {
	case READ_A_FILE:
		tell(host, "read", open_a_file("/etc/passwd", O_RDONLY));
		break;
	case WRITE_A_FILE:
		tell(host, "write", open_a_file("/tmp/x", O_WRONLY));
		break;
	case MAKE_CODE:
		tell(host, "code", make_code());
		break;
	case SPEAK_TO_THE_NET:
		tell(host, "net", socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0);
		break;
	case START_A_PROGRAM:
		execl("/bin/busybox", "true", NULL);
		tell(host, "program", errno);
		break;
	case HANG:
		hang();
		break;
	case FAIL:
		return -EIO;
	case SWALLOW_TOO_MUCH:
		reply->action = VVB_REPLY_VALUE;
		reply->value = ~0ull;
		return 0;
	case REACH_FOR_ANOTHER_VF:
		tell(host, "another VF", reach_for_another_vf(host, request));
		break;
	case SAY_NOTHING:
		return 0;
	case CRASH:
		__builtin_trap();
	}
	return host->legacy_admin(host, request, reply);
}

static int start(const struct vvb_plugin_host *host, __u64 vf, const char *arguments, void **state)
{
	(void)vf;
	(void)arguments;
	*state = (void *)host;
	return 0;
}

static int answer(void *state, const struct vvb_request *request, struct vvb_reply *reply)
{
	const struct vvb_plugin_host *host = state;

	if (request->field == VVB_FIELD_QUEUE_SELECT && request->write)
		return commit(host, request, reply);
	return host->legacy_admin(host, request, reply);
}

const struct vvb_plugin vvb_plugin = {
	.api = VVB_PLUGIN_API,
	.name = "rogue",
	.start = start,
	.answer = answer,
};
