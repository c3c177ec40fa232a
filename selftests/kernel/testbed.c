// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * testbed - turn the knobs of the device model from inside the VM it is plugged into
 *
 *	testbed get PROPERTY		print the value
 *	testbed set PROPERTY VALUE	VALUE is a number, true, false, or else a string
 *	testbed link DEVICE up|down	of another network device of the machine, by its id
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
	      "       testbed link DEVICE up|down\n",
	      stderr);
	return 2;
}

static int failed(int err)
{
	fprintf(stderr, "testbed: %s\n",
		err == -EREMOTEIO ? monitor_said(&monitor) : strerror(-err));
	return 1;
}

static int get(const char *property)
{
	static char value[MONITOR_LINE];
	int err = monitor_get(&monitor, property, value, sizeof(value));

	if (err)
		return failed(err);
	puts(value);
	return 0;
}

static int change(const char *verb, const char *name, const char *value)
{
	if (!strcmp(verb, "set"))
		return monitor_set(&monitor, name, value);
	return monitor_link(&monitor, name, !strcmp(value, "up"));
}

static int known(int argc, char **argv)
{
	if (argc == 3)
		return !strcmp(argv[1], "get");
	if (argc != 4)
		return 0;
	return !strcmp(argv[1], "set") ||
	       (!strcmp(argv[1], "link") && (!strcmp(argv[3], "up") || !strcmp(argv[3], "down")));
}

int main(int argc, char **argv)
{
	int err;

	if (!known(argc, argv))
		return usage();
	err = monitor_open(&monitor);
	if (err)
		return failed(err);
	if (argc == 3)
		return get(argv[2]);
	err = change(argv[1], argv[2], argv[3]);
	return err ? failed(err) : 0;
}
