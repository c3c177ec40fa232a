/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The service manager that has started us, told of our state as sd_notify(3) says. */
#ifndef VVBD_SERVICE_MANAGER_H
#define VVBD_SERVICE_MANAGER_H

#include <stdbool.h>

/* Connect to the socket that NOTIFY_SOCKET names. Return: fd, -1 for none, or -errno. */
int manager_open(void);

/* From now on what is sent there waits for nobody: guests would wait for the manager. */
int manager_no_wait(int fd);

/*
 * Send "READY=1" or the like; -1 as @fd is no error, and no action. Return: false when there is no
 * room for it as long as the manager does not read; true when there is nothing more to be done.
 */
bool manager_send(int fd, const char *state);

#endif /* VVBD_SERVICE_MANAGER_H */
