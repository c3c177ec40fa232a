// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The handler record: answers as legacy-admin does, and appends a line for each access to a file
 * of the VF's own. vvb.conf(5) has the format.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "legacy_admin.h"
#include "log.h"
#include "record.h"
#include "request_handler.h"

/* @full: nothing more is written, for want of room or by a limit; said once */
struct record {
	int fd;
	bool full;
	unsigned long long size;
};

/* Sizes of all traces together. At a reload the old handlers' files are the new ones' too. */
static unsigned long long total;

static int open_trace(const struct request_handler *h, struct record *r)
{
	char name[VVB_BDF_LEN + sizeof(".trace")];
	char bdf[VVB_BDF_LEN];
	struct stat st;

	vvb_bdf_format(h->vf, bdf);
	snprintf(name, sizeof(name), "%s.trace", bdf);
	r->fd = openat(h->env->trace_fd, name, RECORD_FLAGS, 0640);
	if (r->fd < 0)
		return -errno;
	if (fstat(r->fd, &st) || !S_ISREG(st.st_mode)) {
		close(r->fd);
		return -EINVAL;
	}
	r->size = st.st_size;
	total += r->size;
	return 0;
}

static int record_start(struct request_handler *h, const struct handler_choice *choice,
			struct complaint *why)
{
	struct record *r;
	int err;

	if (h->env->trace_fd < 0)
		return complain(why, choice->line, "no trace_dir was set when vvbd started");
	r = calloc(1, sizeof(*r));
	if (!r)
		return -ENOMEM;
	err = open_trace(h, r);
	if (err) {
		free(r);
		return complain(why, choice->line, "its trace: %s", strerror(-err));
	}
	h->state = r;
	return 0;
}

/* Whole, or not at all: half of a line would be read as one with the next. Return: written? */
static bool write_whole(struct record *r, const char *line, size_t len)
{
	ssize_t written = write(r->fd, line, len);

	if (written == (ssize_t)len) {
		r->size += len;
		total += len;
		return true;
	}
	if (written > 0 && !ftruncate(r->fd, (off_t)r->size))
		errno = ENOSPC;
	return false;
}

static void append(struct request_handler *h, const char *line, size_t len)
{
	const struct handler_env *env = h->env;
	struct record *r = h->state;
	const char *why = NULL;
	char bdf[VVB_BDF_LEN];

	if (r->full)
		return;
	if (r->size + len > env->trace_limit)
		why = "trace_limit";
	else if (total + len > env->trace_total)
		why = "trace_total";
	else if (!write_whole(r, line, len))
		why = strerror(errno);
	if (!why)
		return;
	r->full = true;
	vvb_bdf_format(h->vf, bdf);
	say(LOG_WARNING, "%s: its trace ends at %llu bytes: %s", bdf, r->size, why);
}

int record_line(char *line, size_t room, long long ns, const struct vvb_request *request,
		int opcode)
{
	int len = snprintf(line, room, "%lld %llu %s %s %u+%u ", ns, request->id,
			   request->write ? "write" : "read", vvb_field_name(request->field),
			   request->offset, request->width);

	if (request->write)
		len += snprintf(line + len, room - len, "0x%0*llx",
				request->width < 8 ? request->width * 2 : 16, request->value);
	else
		len += snprintf(line + len, room - len, "-");
	return len + snprintf(line + len, room - len, " %s\n",
			      opcode ? vvb_opcode_name(opcode) : "direct");
}

static int record_answer(struct request_handler *h, const struct vvb_request *request,
			 struct vvb_reply *reply)
{
	int opcode = (int)legacy_admin_reply(request, reply);
	struct timespec now;
	char line[160];
	int len;

	clock_gettime(CLOCK_MONOTONIC, &now);
	len = record_line(line, sizeof(line), now.tv_sec * 1000000000LL + now.tv_nsec, request,
			  opcode);
	append(h, line, len);
	return opcode;
}

static void record_stop(struct request_handler *h)
{
	struct record *r = h->state;

	total -= r->size;
	close(r->fd);
	free(r);
}

const struct request_handler_type request_handler_record = {
	.start = record_start,
	.answer = record_answer,
	.stop = record_stop,
};
