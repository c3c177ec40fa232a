/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The properties that may be set while the machine runs. */
#ifndef VVB_KNOBS_H
#define VVB_KNOBS_H

#include "function.h"

void vvb_knobs_init(ObjectClass *klass);

#endif /* VVB_KNOBS_H */
