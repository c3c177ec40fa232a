/* SPDX-License-Identifier: GPL-2.0-only */
/* What a VF has to tell to userspace: see report.c. */
#ifndef VVB_REPORT_H
#define VVB_REPORT_H

#include <linux/compiler_types.h>
#include <uapi/vvb.h>

long vvb_report_call(unsigned int cmd, const struct vvb_vf_arg *arg, void __user *to);

#endif /* VVB_REPORT_H */
