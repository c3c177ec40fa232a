/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Lines in the system's log for whoever asks later who has changed what. What the driver sees it logs
 * itself; here is the rest: guards, files that were loaded, knobs.
 */
#ifndef VVBCTL_AUDIT_H
#define VVBCTL_AUDIT_H

#include "libvvb/vvb.h"

/* Something was changed: what, from, to. By whom is added. Never fails: without a log there is no line. */
void audit(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* @done: "loaded" or "replaced". */
void audit_loaded(const struct vvb_policy *policy, const char *done, const char *file);

#endif /* VVBCTL_AUDIT_H */
