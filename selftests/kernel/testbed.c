// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * testbed - turn the knobs of the device model from inside the VM it is plugged into
 *
 *	testbed get PROPERTY		print the value
 *	testbed set PROPERTY VALUE	VALUE is a number, true, false, or else a string
 *	testbed qmp COMMAND [ARGUMENTS]	of QEMU's monitor (QMP), with a JSON object; print what it returns
 *
 * The properties are those of the PF. A composite value is printed as JSON.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "monitor.h"

static struct monitor monitor;

static int usage(void)
{
	fputs("usage: testbed get PROPERTY\n       testbed set PROPERTY VALUE\n"
	      "       testbed qmp COMMAND [ARGUMENTS]\n",
	      stderr);
	return 2;
}

static int failed(int err)
{
	fprintf(stderr, "testbed: %s\n",
		err == -EREMOTEIO ? monitor_said(&monitor) : strerror(-err));
	return 1;
}

/* @value: what is to be printed */
static int run(const char *verb, const char *name, const char *argument, char value[MONITOR_LINE])
{
	if (!strcmp(verb, "get"))
		return monitor_get(&monitor, name, value, MONITOR_LINE);
	if (!strcmp(verb, "set"))
		return monitor_set(&monitor, name, argument);
	return monitor_do(&monitor, name, argument ? argument : "{}", value, MONITOR_LINE);
}

static int known(int argc, char **argv)
{
	if (argc == 3)
		return !strcmp(argv[1], "get") || !strcmp(argv[1], "qmp");
	return argc == 4 && (!strcmp(argv[1], "set") || !strcmp(argv[1], "qmp"));
}

int main(int argc, char **argv)
{
	static char value[MONITOR_LINE];
	int err;

	if (!known(argc, argv))
		return usage();
	err = monitor_open(&monitor);
	if (err)
		return failed(err);
	err = run(argv[1], argv[2], argv[3], value);
	if (err)
		return failed(err);
	if (strcmp(argv[1], "set"))
		puts(value);
	return 0;
}
