// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>

#include "trust.h"

/* In a directory like /tmp, others can replace only what is theirs. */
static bool others_may_write(const struct stat *st)
{
	return st->st_mode & 0022 && !(S_ISDIR(st->st_mode) && st->st_mode & S_ISVTX);
}

static int judge(const struct stat *st, const char *path, int line, struct complaint *why)
{
	uid_t starter = (uid_t)getauxval(AT_EUID); /* --user changes who we are */

	if (st->st_uid && st->st_uid != starter)
		return complain(why, line,
				"%s: belongs to user %u; it must be root's, or of user %u, who has "
				"started vvbd",
				path, st->st_uid, starter);
	if (others_may_write(st))
		return complain(why, line, "%s: others may write to it, mode %04o: chmod go-w it",
				path, st->st_mode & 07777);
	return 0;
}

int trust_file(int fd, const char *path, int line, struct complaint *why)
{
	struct stat st;

	return fstat(fd, &st) ? -errno : judge(&st, path, line, why);
}

/* A directory with all links resolved, and each above it. Cuts @real down. */
static int judge_up(char *real, int line, struct complaint *why)
{
	struct stat st;
	char *slash;
	int err;

	for (;;) {
		err = stat(real, &st) ? -errno : judge(&st, real, line, why);
		slash = strrchr(real, '/');
		if (err || !slash || !slash[1])
			return err;
		slash[slash == real] = '\0';
	}
}

/* The directory that @path lies in. */
static int judge_place(const char *path, int line, struct complaint *why)
{
	char *copy = strdup(path);
	char *real = copy ? realpath(dirname(copy), NULL) : NULL;
	int err = real ? judge_up(real, line, why) : -errno;

	free(real);
	free(copy);
	return err;
}

int trust_way(const char *path, int line, struct complaint *why)
{
	char *real = realpath(path, NULL);
	int err = real ? judge_place(real, line, why) : -errno;

	if (!err)
		err = judge_place(path, line, why);
	free(real);
	return err;
}
