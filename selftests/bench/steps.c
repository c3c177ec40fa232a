// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * One operation on a VF, step by step: steps VF ROW
 *
 * Has the emulator write every instruction to its log, each operation between two getppid(),
 * so that the log can be cut there, and nothing between another two. profile makes a table of it.
 */
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"
#include "clock.h"
#include "ops.h"

#define PORT "/dev/vvb-qmp"
#define WARM_UP 500
#define TIMES 5

static int port;

/* One command to the monitor; its answers are lines, the last has its id. */
static void monitor(const char *command, const char *id)
{
	char line[4096];
	size_t len;

	if (write(port, command, strlen(command)) < 0)
		check_die(PORT ": %s", strerror(errno));
	do {
		for (len = 0; len < sizeof(line) - 1 && read(port, &line[len], 1) == 1; len++)
			if (line[len] == '\n')
				break;
		line[len] = 0;
	} while (!strstr(line, id));
}

static void human(const char *command)
{
	char line[256];

	snprintf(line, sizeof(line),
		 "{\"execute\": \"human-monitor-command\", \"id\": \"%s\", "
		 "\"arguments\": {\"command-line\": \"%s\"}}\n",
		 command, command);
	monitor(line, command);
}

static void repeat(const struct row *row, unsigned int times)
{
	unsigned int i;

	for (i = 0; i < times; i++) {
		syscall(SYS_getppid);
		syscall(SYS_getppid);
		if (row->once())
			check_die("%s: %s", row->name, strerror(errno));
	}
	syscall(SYS_getppid);
}

int main(int argc, char **argv)
{
	const struct row *row;

	if (argc != 3)
		check_die("usage: steps VF ROW");
	ops_open(argv[1]);
	row = ops_find(argv[2]);
	port = open(PORT, O_RDWR | O_CLOEXEC);
	if (port < 0)
		check_die(PORT ": %s", strerror(errno));
	clock_steady(); /* as where it is measured: who waits for another thread sleeps */
	repeat(row, WARM_UP);
	monitor("{\"execute\": \"qmp_capabilities\", \"id\": \"caps\"}\n", "caps");
	human("singlestep on");
	human("log exec,nochain");
	repeat(row, TIMES);
	human("log none");
	human("singlestep off");
	vf_close(&ops_vf);
	return 0;
}
