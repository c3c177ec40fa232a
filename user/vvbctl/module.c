// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <limits.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libvvb/paths.h"
#include "module.h"
#include "vvbctl.h"

static bool is_loaded(void)
{
	char path[PATH_MAX];

	return !vvb_path(path, sizeof(path), "%s/bus/pci/drivers/" VVB_DRIVER, vvb_sysfs_path()) &&
	       !access(path, F_OK);
}

/* Return: its exit status, -1 when it could not be started. */
static int run_modprobe(void)
{
	char *const argv[] = { "modprobe", VVB_DRIVER, NULL };
	int status = -1;
	pid_t pid;

	if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ))
		return -1;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int module_load(void)
{
	if (is_loaded())
		return DONE;
	if (!strcmp(vvb_sysfs_path(), "/sys") && !run_modprobe() && is_loaded())
		return DONE;
	return error("module " VVB_DRIVER " is not loaded, and modprobe " VVB_DRIVER
		     " has not changed that");
}
