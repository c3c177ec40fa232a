// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The policies and guards that a configuration wants loaded. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apply.h"
#include "audit.h"
#include "conf/merge.h"
#include "conf/safe_path.h"

#define LOG_SIZE 65536

const char *const policy_dir = VVB_POLICY_DIR;

static char *file_of(const struct apply *a, const char *name, int *line)
{
	const struct conf_section *s = conf_policy(&a->conf, name);
	const struct conf_value *file = s ? &s->set[CONF_FILE] : NULL;
	char *path;

	if (file && file->text) {
		*line = file->line;
		return strdup(file->text);
	}
	if (s)
		*line = s->line;
	return asprintf(&path, "%s/%s.bpf.o", policy_dir, name) < 0 ? NULL : path;
}

static bool has_policy(const struct apply *a, const char *name)
{
	for (int i = 0; i < a->nr; i++)
		if (!strcmp(a->policies[i].name, name))
			return true;
	return false;
}

bool apply_loads(const struct apply *a, const char *name)
{
	for (int i = 0; a->dry && i < a->nr; i++)
		if (!strcmp(a->policies[i].name, name))
			return !a->policies[i].registered;
	return false;
}

/* It is there from now on: the next VF that names it is not to load it again. */
static void note_policy(struct apply *a, const char *name)
{
	struct vvb_policy *more =
		realloc(a->policies, ((a->nr < 0 ? 0 : a->nr) + 1) * sizeof(*more));

	if (!more)
		return;
	a->policies = more;
	a->nr = a->nr < 0 ? 0 : a->nr;
	memset(&more[a->nr], 0, sizeof(*more));
	snprintf(more[a->nr++].name, VVB_WORD_LEN, "%s", name);
}

/* Why comes first; all that libbpf and the verifier have said is for -v. */
static void tell_load_failed(struct apply *a, const char *name, const char *file, int line, int err,
			     const char *log)
{
	char reason[2048];
	size_t len = join_why(log, reason, sizeof(reason));

	changes_failed(&a->changes, name, line, log + len, "load %s: %s", file,
		       *reason ? reason : why(err));
}

static int load_and_audit(const char *name, const char *file, char *log)
{
	struct vvb_policy policy = {};
	int err = vvb_policy_load(file, name, &policy, log, LOG_SIZE);

	if (!err)
		audit_loaded(&policy, "loaded", file);
	return err;
}

static int load_file(struct apply *a, const char *name, const char *file, int line)
{
	char *log = calloc(1, LOG_SIZE);
	struct complaint why = {};
	int err = log ? safe_path_check(file, line, &why) : -ENOMEM;

	if (err == -EINVAL && why.text[0]) {
		changes_failed(&a->changes, name, line, "", "%s", why.text);
		free(log);
		return err;
	}
	if (!err && !a->dry)
		err = load_and_audit(name, file, log);
	if (err == -EEXIST) { /* another has done so meanwhile, as for another VF that has come */
		free(log);
		return 0;
	}
	if (err)
		tell_load_failed(a, name, file, line, err, log ? log : "");
	else
		changes_add(&a->changes, name, "load", NULL, file, line);
	free(log);
	return err;
}

/* @line: of who wants it. Said once: what can't be loaded is not tried for each VF. */
static void want_policy(struct apply *a, const char *name, int line)
{
	char *file;

	if (!strcmp(name, "none") || has_policy(a, name))
		return;
	file = file_of(a, name, &line);
	if (file && !load_file(a, name, file, line))
		note_policy(a, name);
	free(file);
}

/**
 * struct wanted - names that were looked for already
 */
struct wanted {
	char (*names)[VVB_WORD_LEN];
	int nr;
};

/* Return: is it new? */
static bool want_once(struct wanted *w, const char *name)
{
	char(*more)[VVB_WORD_LEN];

	for (int i = 0; i < w->nr; i++)
		if (!strcmp(w->names[i], name))
			return false;
	more = realloc(w->names, (w->nr + 1) * sizeof(*more));
	if (!more)
		return false;
	w->names = more;
	snprintf(more[w->nr++], VVB_WORD_LEN, "%s", name);
	return true;
}

static void want_of_vf(struct apply *a, struct wanted *w, __u64 vf)
{
	__u64 pf = apply_pf_of(a, vf);

	for (int key = CONF_POLICY; key <= CONF_SHADOW; key++) {
		const struct conf_value *v = conf_value_of(&a->conf, key, vf, pf);

		if (v && want_once(w, v->text))
			want_policy(a, v->text, v->line);
	}
}

void apply_policies(struct apply *a, const __u64 *vfs, int nr)
{
	struct wanted w = {};

	for (int i = 0; i < a->conf.nr; i++) {
		const struct conf_section *s = &a->conf.sections[i];

		if (s->kind == CONF_A_POLICY && want_once(&w, s->name))
			want_policy(a, s->name, s->line);
	}
	for (int i = 0; i < nr; i++)
		want_of_vf(a, &w, vfs[i]);
	free(w.names);
}
