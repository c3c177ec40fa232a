/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What the process may do, as far as it can be known before it tries. */
#ifndef LIBVVB_RIGHTS_H
#define LIBVVB_RIGHTS_H

#include <stdbool.h>

/* May it load BPF programs: CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN? */
bool vvb_rights_bpf(void);

#endif /* LIBVVB_RIGHTS_H */
