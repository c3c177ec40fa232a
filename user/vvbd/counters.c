// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "counters.h"

static struct vf_counters *find_vf(struct counters *c, __u64 vf)
{
	for (int i = 0; i < c->nr_vfs; i++)
		if (c->vfs[i].vf == vf)
			return &c->vfs[i];
	return NULL;
}

int counters_add_vf(struct counters *c, __u64 vf)
{
	struct vf_counters *more, *there = find_vf(c, vf);

	if (there) {
		there->served = true;
		return 0;
	}
	more = realloc(c->vfs, (c->nr_vfs + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	c->vfs = more;
	c->vfs[c->nr_vfs++] = (struct vf_counters) { .vf = vf, .served = true };
	return 0;
}

void counters_forget_vfs(struct counters *c)
{
	for (int i = 0; i < c->nr_vfs; i++) {
		c->vfs[i].was = c->vfs[i].served;
		c->vfs[i].served = false;
	}
}

void counters_recall_vfs(struct counters *c)
{
	for (int i = 0; i < c->nr_vfs; i++)
		c->vfs[i].served = c->vfs[i].served || c->vfs[i].was;
}

int counters_nr_served(const struct counters *c)
{
	int nr = 0;

	for (int i = 0; i < c->nr_vfs; i++)
		nr += c->vfs[i].served;
	return nr;
}

/* There are no others: what else a plugin makes up the kernel refuses, and that is counted then. */
static void count_command(struct counters *c, int opcode)
{
	if (opcode < (int)(sizeof(c->commands) / sizeof(*c->commands)))
		c->commands[opcode]++;
}

void counters_request(struct counters *c, __u64 vf, const struct vvb_reply *reply, int opcode)
{
	struct vf_counters *of_vf = find_vf(c, vf);

	c->requests++;
	if (of_vf)
		of_vf->requests++;
	if (opcode < 0)
		c->failed++;
	else if (opcode)
		count_command(c, opcode);
	else if (reply->action == VVB_REPLY_VALUE)
		c->values++;
	else if (reply->action == VVB_REPLY_DIRECT)
		c->unanswerable++;
}

void counters_operation(struct counters *c, __u64 vf)
{
	struct vf_counters *of_vf = find_vf(c, vf);

	c->requests++;
	c->operations++;
	if (of_vf)
		of_vf->requests++;
}

static void print_commands(const struct counters *c, FILE *to)
{
	const char *comma = "";

	fprintf(to, "\"commands\":{");
	for (int i = 0; i < 8; i++) {
		if (!c->commands[i])
			continue;
		fprintf(to, "%s\"%d\":%llu", comma, i, c->commands[i]);
		comma = ",";
	}
	fprintf(to, "}");
}

static void print_vfs(const struct counters *c, FILE *to)
{
	char bdf[VVB_BDF_LEN];

	fprintf(to, "\"vfs\":{");
	for (int i = 0; i < c->nr_vfs; i++) {
		vvb_bdf_format(c->vfs[i].vf, bdf);
		fprintf(to, "%s\"%s\":{\"requests\":%llu}", i ? "," : "", bdf, c->vfs[i].requests);
	}
	fprintf(to, "}");
}

void counters_print(const struct counters *c, FILE *to)
{
	fprintf(to, "{\"requests\":%llu,", c->requests);
	print_commands(c, to);
	fprintf(to, ",");
	print_vfs(c, to);
	fprintf(to, ",\"values\":%llu,\"operations\":%llu", c->values, c->operations);
	fprintf(to,
		",\"errors\":{\"unanswerable\":%llu,\"failed\":%llu,\"late\":%llu,\"refused\":%llu,"
		"\"unreachable\":%llu}}\n",
		c->unanswerable, c->failed, c->late, c->refused, c->unreachable);
}

/*
 * In one write, and cut to length after it: a reader never sees half of a number. Where there is
 * no room for all of it, it sees nothing.
 */
static int overwrite(int fd, const char *text, size_t len)
{
	ssize_t written = pwrite(fd, text, len, 0);

	if (written < 0)
		return -errno;
	if ((size_t)written != len)
		return ftruncate(fd, 0) ? -errno : -ENOSPC;
	return ftruncate(fd, len) ? -errno : 0;
}

int counters_write(const struct counters *c, int fd)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);
	int err;

	if (!to)
		return -errno;
	counters_print(c, to);
	err = fclose(to) ? -errno : overwrite(fd, text, len);
	free(text);
	return err;
}
