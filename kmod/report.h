/* SPDX-License-Identifier: GPL-2.0-only */
/* What a VF has to tell to userspace: see report.c. */
#ifndef VVB_REPORT_H
#define VVB_REPORT_H

#include <linux/types.h>

long vvb_report_read(unsigned int cmd, void __user *arg);
long vvb_report_reset(u64 id);

#endif /* VVB_REPORT_H */
