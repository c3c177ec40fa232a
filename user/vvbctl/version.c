// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * vvbctl version: of all parts that are here, which are made to be of one version. A machine has more
 * than one of a part while it is upgraded: the module in memory, a daemon that goes on running.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libvvb/api.h"
#include "libvvb/paths.h"
#include "processes.h"
#include "vvbctl.h"

#define LIBRARY "libvvb.so.1"
#define DAEMON "vvbd"
#define PATIENCE_MS 5000 /* with a program that is to print its version */

/* ---- what there is ---- */

static void put_text_or_null(json_object *value, const char *key, const char *text)
{
	if (text && *text)
		put_text(value, key, text);
	else
		json_object_object_add(value, key, NULL);
}

static void put_module(json_object *value)
{
	char release[VVB_VERSION_LEN];
	int api = vvb_api_of_module();

	vvb_driver_version(release);
	put_text_or_null(value, "module", release);
	if (api >= 0)
		put_number(value, "module_api_version", api);
	else
		json_object_object_add(value, "module_api_version", NULL);
}

/* That of other programs: vvbctl and vvbd have it in them. */
static void put_library(json_object *value)
{
	void *library = dlopen(LIBRARY, RTLD_LAZY | RTLD_LOCAL);
	const char *(*release)(void) = NULL;

	if (library)
		*(void **)&release = dlsym(library, "vvb_version");
	put_text_or_null(value, "library", release ? release() : NULL);
	if (library)
		dlclose(library);
}

/* What comes out of it in time, which is a line. The program ends, whatever it is. */
static ssize_t hear_program(int from, pid_t pid, char *line, size_t size)
{
	struct pollfd ready = { .fd = from, .events = POLLIN };
	ssize_t len = poll(&ready, 1, PATIENCE_MS) == 1 ? read(from, line, size) : -1;
	int status;

	kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return len;
}

/* Have a program print one line. Return: is there such a program? */
static bool ask_program(char *const argv[], char *line, size_t size)
{
	posix_spawn_file_actions_t actions;
	ssize_t len = 0;
	int ends[2], ret;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return false;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	ret = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (!ret)
		len = hear_program(ends[0], pid, line, size - 1);
	close(ends[0]);
	line[len < 0 ? 0 : len] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return !ret;
}

/* The one that is installed. */
static void put_daemon(json_object *value)
{
	char *const argv[] = { DAEMON, "--version", NULL };
	char line[64] = "";
	bool any = ask_program(argv, line, sizeof(line)) &&
		   !strncmp(line, DAEMON " ", strlen(DAEMON " "));

	put_text_or_null(value, "daemon", any ? line + strlen(DAEMON " ") : NULL);
}

/* Is the file gone of which a process runs? That of an upgrade takes its name. */
static bool is_replaced(json_object *process)
{
	static const char gone[] = " (deleted)";
	char path[PATH_MAX], file[PATH_MAX];
	ssize_t len = -1;

	if (!vvb_path(path, sizeof(path), "/proc/%s/exe", text_of(process, "pid")))
		len = readlink(path, file, sizeof(file) - 1);
	file[len < 0 ? 0 : len] = '\0';
	return len >= (ssize_t)strlen(gone) && !strcmp(file + len - strlen(gone), gone);
}

static void put_running(json_object *value)
{
	json_object *list = json_object_new_array(), *process;

	processes_with(list, vvb_device_path());
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		process = json_object_array_get_idx(list, i);
		json_object_object_add(process, "replaced",
				       json_object_new_boolean(is_replaced(process)));
	}
	json_object_object_add(value, "running", list);
}

/* ---- what is wrong with it ---- */

static int tell_of_other(json_object *value, const char *key, const char *name, const char *cure)
{
	const char *is = text_of(value, key);

	if (!json_object_object_get(value, key) || !strcmp(is, VVB_VERSION))
		return DONE;
	return error_late("%s is of version %s, vvbctl of " VVB_VERSION ": %s", name, is, cure);
}

static int tell_of_others(json_object *value)
{
	json_object *running = json_object_object_get(value, "running"), *process;
	int ret = tell_of_other(value, "module", "module " VVB_DRIVER,
				"once its VFs are closed, rmmod it, and modprobe " VVB_DRIVER
				" loads the one that is installed");

	ret |= tell_of_other(value, "library", LIBRARY, "install the one that came with vvbctl");
	ret |= tell_of_other(value, "daemon", DAEMON, "install the one that came with vvbctl");
	for (size_t i = 0; i < json_object_array_length(running); i++) {
		process = json_object_array_get_idx(running, i);
		if (json_object_get_boolean(json_object_object_get(process, "replaced")))
			ret |= error_late("process %s, %s, runs of a file that has been replaced: "
					  "start it anew",
					  text_of(process, "pid"), text_of(process, "name"));
	}
	return ret;
}

/* ---- the command ---- */

static const char *or_none(json_object *value, const char *key, const char *none)
{
	return json_object_object_get(value, key) ? text_of(value, key) : none;
}

static void version_text(json_object *value)
{
	json_object *running = json_object_object_get(value, "running");

	printf("vvbctl   %s, API version %s\n", text_of(value, "version"),
	       text_of(value, "api_version"));
	if (json_object_object_get(value, "module_api_version"))
		printf("module   %s, API version %s\n", or_none(value, "module", "does not tell"),
		       text_of(value, "module_api_version"));
	else
		printf("module   not loaded\n");
	printf("vvbd     %s", or_none(value, "daemon", "not installed"));
	for (size_t i = 0; i < json_object_array_length(running); i++)
		printf("%s %s", i ? "," : "; /dev/vvb is open in process",
		       text_of(json_object_array_get_idx(running, i), "pid"));
	printf("\nlibrary  %s\n", or_none(value, "library", "not installed"));
}

json_object *versions(void)
{
	json_object *value = json_object_new_object();

	put_text(value, "version", VVB_VERSION);
	put_number(value, "api_version", VVB_API_VERSION);
	put_module(value);
	put_library(value);
	put_daemon(value);
	return value;
}

int version(struct words *args)
{
	json_object *value;
	int ret;

	if (args->nr)
		return too_many(args->word[0], "version");
	value = versions();
	put_running(value);
	output(json_object_get(value), version_text);
	ret = tell_of_others(value);
	json_object_put(value);
	return ret;
}
