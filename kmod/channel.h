/* SPDX-License-Identifier: GPL-2.0-only */
/* /dev/vvb, see channel.c. */
#ifndef VVB_CHANNEL_H
#define VVB_CHANNEL_H

int vvb_channel_init(void);
void vvb_channel_exit(void);

#endif /* VVB_CHANNEL_H */
