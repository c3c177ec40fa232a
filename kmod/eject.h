/* SPDX-License-Identifier: GPL-2.0-only */
/* What is known of the last ejection of a VF's policy, and who is told, see eject.c. */
#ifndef VVB_EJECT_H
#define VVB_EJECT_H

#include "vf.h"

bool vvb_eject_mark(struct vvb_vf *vf, struct vvb_binding *binding, enum vvb_ejection_kind kind,
		    s32 code, const char *message, const struct vvb_access *acc);
void vvb_eject_tell(struct vvb_vf *vf);
void vvb_eject_rearm(struct vvb_vf *vf);
void vvb_eject_report(struct vvb_vf *vf, struct vvb_ejection *report);

#endif /* VVB_EJECT_H */
