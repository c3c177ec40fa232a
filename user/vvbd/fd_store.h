/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The channel in the keeping of the service manager, beyond our death: what a vCPU has asked
 * stays asked, and the VFs stay ours. The session is never given away, as its end is how the
 * kernel knows of that death.
 */
#ifndef VVBD_FD_STORE_H
#define VVBD_FD_STORE_H

/**
 * fd_store_take - the channel that a daemon before us has left with the manager
 *
 * Looks at LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES, as sd_listen_fds(3) has them, and
 * removes them. Whatever else was handed down is closed.
 * Return: fd, or -1 for none.
 */
int fd_store_take(void);

/*
 * Leave a channel with the manager at the socket @manager_fd, in place of what it has under that name:
 * it takes no more than the unit lets it. Return: 0 or -errno.
 */
int fd_store_put(int manager_fd, int channel);

#endif /* VVBD_FD_STORE_H */
