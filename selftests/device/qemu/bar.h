/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The registers, in BAR 2, and the capabilities that point there. */
#ifndef VVB_BAR_H
#define VVB_BAR_H

#include "function.h"

#define VVB_REGISTERS_BAR 2
#define VVB_MSIX_BAR 4
#define VVB_LEGACY_DOORBELL 0x3800u
#define VVB_OWNER_DOORBELLS 0x4000u
#define VVB_MSIX_DOORBELL 0xc00u /* in the BAR with the MSI-X table */

/* How the capability of a VF's common configuration may lie: property "bad-capability". */
#define VVB_BAD_CAPABILITIES "out-of-bounds absent-bar zero-length overlapping"
bool vvb_bad_capability_ok(const char *word);

uint64_t vvb_registers_size(const VvbFunction *f);
void vvb_registers_init(VvbFunction *f);
void vvb_msix_doorbell_init(VvbFunction *f);
void vvb_capabilities_init(VvbFunction *f);
void vvb_window_before_read(VvbFunction *f, uint32_t addr, int len);
void vvb_window_after_write(VvbFunction *f, uint32_t addr, int len);

#endif /* VVB_BAR_H */
