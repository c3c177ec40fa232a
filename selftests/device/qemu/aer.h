/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Advanced Error Reporting. */
#ifndef VVB_AER_H
#define VVB_AER_H

#include "function.h"

bool vvb_aer_init(VvbFunction *f, Error **errp);

/* @error: a name of QEMU's for an uncorrectable error. */
void vvb_aer_report(VvbNic *nic, unsigned int number, const char *error);

#endif /* VVB_AER_H */
