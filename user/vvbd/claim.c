// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "claim.h"
#include "libvvb/unbound.h"
#include "libvvb/vf_ids.h"
#include "log.h"

static const char *why_not_claimed(__u64 vf, int err, char unbound[VVB_UNBOUND_LEN])
{
	switch (err) {
	case -ENODEV:
		return vvb_why_unbound(vf, unbound);
	case -EBUSY:
		return "served by another daemon";
	case -EPERM:
		return "not ours to serve, see daemon_uid";
	default:
		return strerror(-err);
	}
}

/* @level: of what is said of one that is not to be had. */
static int claim_vf(int session, __u64 vf, struct counters *served, int level)
{
	char bdf[VVB_BDF_LEN], unbound[VVB_UNBOUND_LEN];
	int err = vvb_claim(session, vf);

	vvb_bdf_format(vf, bdf);
	if (!err)
		err = counters_add_vf(served, vf);
	if (err)
		say(level, "%s: %s", bdf, why_not_claimed(vf, err, unbound));
	return err;
}

/* All of those asked for must be there. */
static int claim_named(int session, const struct options *options, struct counters *served,
		       int level)
{
	int err = 0, failed;

	for (int i = 0; i < options->nr_vfs; i++) {
		failed = claim_vf(session, options->vfs[i], served, level);
		err = err ? err : failed;
	}
	return err;
}

static bool is_named(const struct options *options, __u64 vf)
{
	for (int i = 0; i < options->nr_vfs; i++)
		if (options->vfs[i] == vf)
			return true;
	return false;
}

int disclaim_others(int session, const struct options *options)
{
	struct vvb_vf *vfs;
	int nr = vvb_vf_list(&vfs);

	if (nr < 0)
		return nr;
	for (int i = 0; i < nr; i++)
		if (!is_named(options, vfs[i].id) && !vvb_disclaim(session, vfs[i].id))
			say(LOG_NOTICE, "%s: no longer serving it", vfs[i].bdf);
	free(vfs);
	return 0;
}

static int claim_all(int session, struct counters *served, int level)
{
	__u64 *vfs;
	int nr = vvb_vf_ids(&vfs), claimed = 0, i;

	if (nr < 0)
		return nr;
	for (i = 0; i < nr; i++)
		claimed += !claim_vf(session, vfs[i], served, level);
	free(vfs);
	say(LOG_NOTICE, "serving %d of %d VFs", claimed, nr);
	return 0;
}

static void tell_changes(const struct counters *served)
{
	char bdf[VVB_BDF_LEN];

	for (int i = 0; i < served->nr_vfs; i++) {
		const struct vf_counters *c = &served->vfs[i];

		if (c->served == c->was)
			continue;
		vvb_bdf_format(c->vf, bdf);
		say(LOG_INFO, "%s: %s", bdf, c->served ? "serving it" : "no longer there to serve");
	}
}

int claim_vfs(int session, const struct options *options, struct counters *served, int level)
{
	int err;

	counters_forget_vfs(served);
	err = options->nr_vfs ? claim_named(session, options, served, level) :
				claim_all(session, served, level);
	if (err && !options->nr_vfs) /* who is there could not be seen */
		counters_recall_vfs(served);
	tell_changes(served);
	return err;
}

int claim_coming(int session, const struct options *options)
{
	int err = vvb_claim_coming(session, !options->nr_vfs);

	if (err != -ENODEV && err != -EINVAL)
		return err;
	say(LOG_NOTICE, "this module does not tell of VFs that come: SIGHUP has them looked for");
	return 0;
}
