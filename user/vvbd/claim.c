// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "claim.h"
#include "libvvb/unbound.h"
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

static int claim_vf(int session, __u64 vf, struct counters *served)
{
	char bdf[VVB_BDF_LEN], unbound[VVB_UNBOUND_LEN];
	int err = vvb_claim(session, vf);

	vvb_bdf_format(vf, bdf);
	if (!err)
		err = counters_add_vf(served, vf);
	if (err)
		say(LOG_WARNING, "%s: %s", bdf, why_not_claimed(vf, err, unbound));
	else
		say(LOG_INFO, "%s: serving it", bdf);
	return err;
}

/* All of those asked for must be there. */
static int claim_named(int session, const struct options *options, struct counters *served)
{
	int err = 0, failed;

	for (int i = 0; i < options->nr_vfs; i++) {
		failed = claim_vf(session, options->vfs[i], served);
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

static int claim_all(int session, struct counters *served)
{
	struct vvb_vf *vfs;
	int nr = vvb_vf_list(&vfs), claimed = 0, i;

	if (nr < 0)
		return nr;
	for (i = 0; i < nr; i++)
		claimed += !claim_vf(session, vfs[i].id, served);
	free(vfs);
	say(LOG_NOTICE, "serving %d of %d VFs", claimed, nr);
	return 0;
}

int claim_vfs(int session, const struct options *options, struct counters *served)
{
	return options->nr_vfs ? claim_named(session, options, served) : claim_all(session, served);
}
