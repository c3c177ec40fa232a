// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "safe_path.h"

#define LINKS_MAX 40 /* as the kernel has it */

/*
 * In a directory like /tmp, others can replace only what is theirs. What a link says never changes:
 * its mode, which is always 0777, means nothing.
 */
static bool others_may_write(const struct stat *st)
{
	if (S_ISLNK(st->st_mode) || (S_ISDIR(st->st_mode) && st->st_mode & S_ISVTX))
		return false;
	return st->st_mode & 0022;
}

static int judge(const struct stat *st, const char *path, int line, struct complaint *why)
{
	uid_t starter = (uid_t)getauxval(AT_EUID); /* --user changes who we are */

	if (st->st_uid && !starter)
		return complain(why, line, "%s: belongs to user %u; it must be root's", path,
				st->st_uid);
	if (st->st_uid && st->st_uid != starter)
		return complain(why, line,
				"%s: belongs to user %u; it must be root's, or that of user %u, "
				"who starts this",
				path, st->st_uid, starter);
	if (others_may_write(st))
		return complain(why, line, "%s: others may write to it, mode %04o: chmod go-w it",
				path, st->st_mode & 07777);
	return 0;
}

int safe_path_check_fd(int fd, const char *path, int line, struct complaint *why)
{
	struct stat st;

	return fstat(fd, &st) ? -errno : judge(&st, path, line, why);
}

/* ---- the way to a file ---- */

/**
 * struct path_walk - as far as we have gone it, without following a link that was not judged
 * @dir:	where we are, a directory; at the end the file
 * @name:	how we got there, for the complaint: no links in it
 * @rest:	what is still to be gone from there
 * @links:	followed so far
 */
struct path_walk {
	int dir;
	int links;
	char name[PATH_MAX];
	char rest[PATH_MAX];
};

static int go_to_root(struct path_walk *w)
{
	if (w->dir >= 0)
		close(w->dir);
	w->name[0] = '\0';
	w->dir = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return w->dir < 0 ? -errno : 0;
}

/* Take the next name out of what is to be gone. Return: false at the end. */
static bool next(struct path_walk *w, char part[NAME_MAX + 1], int *err)
{
	const char *begin = w->rest + strspn(w->rest, "/");
	size_t len = strcspn(begin, "/");

	*err = len > NAME_MAX ? -ENAMETOOLONG : 0;
	if (!len || *err)
		return false;
	memcpy(part, begin, len);
	part[len] = '\0';
	memmove(w->rest, begin + len, strlen(begin + len) + 1);
	return true;
}

/* Go on where the link @fd says, from the directory that it is in. */
static int follow(struct path_walk *w, int fd)
{
	char target[PATH_MAX], rest[PATH_MAX];
	ssize_t len = readlinkat(fd, "", target, sizeof(target) - 1);

	if (len < 0)
		return -errno;
	if (++w->links > LINKS_MAX)
		return -ELOOP;
	target[len] = '\0';
	strcpy(rest, w->rest);
	if (snprintf(w->rest, sizeof(w->rest), "%s%s", target, rest) >= (int)sizeof(w->rest))
		return -ENAMETOOLONG;
	return target[0] == '/' ? go_to_root(w) : 0;
}

static int enter(struct path_walk *w, int fd, const char *name)
{
	close(w->dir);
	w->dir = fd;
	strcpy(w->name, name);
	return 0;
}

/* A directory as one that is asked for: then what is mounted there when needed is. */
static int open_part(int dir, const char *part)
{
	const int flags = O_PATH | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(dir, part, flags | O_DIRECTORY);

	if (fd < 0 && errno == ENOTDIR) /* a link as well */
		fd = openat(dir, part, flags);
	if (fd < 0)
		return -errno;
	return fd;
}

/* Opened, then judged, then entered: what was judged can't be another one than was entered. */
static int step(struct path_walk *w, const char *part, int line, struct complaint *why)
{
	char name[PATH_MAX];
	struct stat st;
	int fd, err;

	if (snprintf(name, sizeof(name), "%s/%s", w->name, part) >= (int)sizeof(name))
		return -ENAMETOOLONG;
	fd = open_part(w->dir, part);
	if (fd < 0)
		return fd;
	err = fstat(fd, &st) ? -errno : judge(&st, name, line, why);
	if (!err && !S_ISLNK(st.st_mode))
		return enter(w, fd, name);
	if (!err)
		err = follow(w, fd);
	close(fd);
	return err;
}

int safe_path_check(const char *path, int line, struct complaint *why)
{
	struct path_walk w = { .dir = -1 };
	char part[NAME_MAX + 1];
	int err;

	if (snprintf(w.rest, sizeof(w.rest), "%s", path) >= (int)sizeof(w.rest))
		return -ENAMETOOLONG;
	err = go_to_root(&w);
	if (!err)
		err = safe_path_check_fd(w.dir, "/", line, why);
	while (!err && next(&w, part, &err))
		err = step(&w, part, line, why);
	if (w.dir >= 0)
		close(w.dir);
	return err;
}
