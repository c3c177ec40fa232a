// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * vvbctl save: what is in force, and of the file before what the module knows nothing of: handlers,
 * files of policies, [vvbd].
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply.h"
#include "conf/write.h"
#include "libvvb/paths.h"
#include "save.h"

#define HEAD "# What was in force, as vvbctl save found it. vvb.conf(5) has the format.\n"

/* ---- what is kept ---- */

static int keep_section(struct conf_file *to, const struct conf_section *s)
{
	struct conf_section *kept = NULL;
	int err = 0;

	for (int key = CONF_HANDLER; !err && key < CONF_KEY_NR; key++) {
		if (!s->set[key].text)
			continue;
		kept = conf_make_section(to, s->kind, s->address,
					 s->kind == CONF_A_POLICY ? s->name : NULL);
		err = conf_set(kept, key, s->set[key].text);
	}
	return err;
}

static int keep_former(struct conf_file *to, const struct conf_file *former)
{
	int err = 0;

	for (int i = 0; !err && i < former->nr; i++)
		err = keep_section(to, &former->sections[i]);
	return err;
}

/* ---- policies ---- */

/* Where it was loaded from nobody has written down, unless the file says so, or it is the usual place. */
static void save_policy(struct conf_file *conf, const struct vvb_policy *policy)
{
	char path[PATH_MAX];

	if (conf_policy(conf, policy->name))
		return;
	conf_make_section(conf, CONF_A_POLICY, 0, policy->name);
	if (!*policy->pin ||
	    vvb_path(path, sizeof(path), "%s/%s.bpf.o", policy_dir, policy->name) ||
	    access(path, F_OK))
		error_late(
			"%s: from which file it was loaded is not known: add a line 'file = FILE' "
			"to its section [policy %s]",
			policy->name, policy->name);
}

static void save_policies(struct conf_file *conf)
{
	struct vvb_policy *policies;
	int nr = vvb_policy_list(&policies);

	if (vvb_policy_visible())
		error_late("guards, and the knobs of policies, are left out: they can't be seen "
			   "without CAP_SYS_ADMIN");
	for (int i = 0; i < nr; i++)
		save_policy(conf, &policies[i]);
	free(policies);
}

/* ---- the file ---- */

/* The one before stays beside it. */
static int replace_file(const char *path, const char *fresh)
{
	char old[PATH_MAX];
	int err = vvb_path(old, sizeof(old), "%s.old", path);

	if (err)
		return err;
	if (!access(path, F_OK) && ((unlink(old) && errno != ENOENT) || link(path, old)))
		return -errno;
	return rename(fresh, path) ? -errno : 0;
}

static int write_to(const char *path, const struct conf_file *conf)
{
	char fresh[PATH_MAX];
	int err = vvb_path(fresh, sizeof(fresh), "%s.new", path), fd;
	FILE *to;

	if (err)
		return err;
	unlink(fresh);
	fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	to = fd < 0 ? NULL : fdopen(fd, "w");
	if (!to)
		return -errno;
	fputs(HEAD, to);
	conf_file_write(conf, to);
	if (fflush(to) || fsync(fd))
		err = -errno;
	if (fclose(to) && !err)
		err = -errno;
	if (!err)
		err = replace_file(path, fresh);
	if (err)
		unlink(fresh);
	return err;
}

static int put_out(const char *path, const struct conf_file *conf)
{
	int err;

	if (!path) {
		fputs(HEAD, stdout);
		conf_file_write(conf, stdout);
		return DONE;
	}
	err = write_to(path, conf);
	if (err)
		return error("%s: %s", path, why(err));
	return output(json_object_new_object(), NULL);
}

static const char *why_not_found(int err)
{
	if (err == -ENOENT)
		return NOT_LOADED;
	if (err == -EOVERFLOW)
		return "the module has settings for more addresses than its file has room for";
	return why(err);
}

/* @path: NULL for standard output. */
static int save_to(const char *path, const struct conf_file *former)
{
	struct conf_file conf;
	int err, ret;

	conf_file_init(&conf);
	err = save_in_force(&conf);
	if (!err)
		err = keep_former(&conf, former);
	if (!err)
		save_policies(&conf);
	ret = err ? error("%s", why_not_found(err)) : put_out(path, &conf);
	conf_file_free(&conf);
	return ret;
}

/* What is kept is of @file, or where that is not there, of the usual one. */
static int save_as(const char *file, bool to_stdout)
{
	struct apply former = {}, usual = {};
	int ret = apply_read(&former, file, false);

	conf_file_init(&usual.conf);
	if (!ret && former.conf.lines < 0)
		ret = apply_read(&usual, CONF_FILE_DEFAULT, false);
	if (!ret)
		ret = save_to(to_stdout ? NULL : former.path,
			      former.conf.lines < 0 ? &usual.conf : &former.conf);
	conf_file_free(&former.conf);
	conf_file_free(&usual.conf);
	free(former.path);
	free(usual.path);
	return ret;
}

int save(struct words *args)
{
	const char *file = args->nr ? args->word[0] : CONF_FILE_DEFAULT;
	bool to_stdout = !strcmp(file, "-");

	if (args->nr > 1)
		return usage("what is '%s'? save takes: [FILE]", args->word[1]);
	return save_as(to_stdout ? CONF_FILE_DEFAULT : file, to_stdout);
}
