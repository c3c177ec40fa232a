// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * testbed - turn the knobs of the device model from inside the VM it is plugged into
 *
 *	testbed get PROPERTY		print the value
 *	testbed set PROPERTY VALUE	VALUE is a number, true, false, or else a string
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
	fputs("usage: testbed get PROPERTY\n       testbed set PROPERTY VALUE\n", stderr);
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

int main(int argc, char **argv)
{
	int err;

	if (argc < 3 || (argc != (strcmp(argv[1], "set") ? 3 : 4)))
		return usage();
	if (argc == 3 && strcmp(argv[1], "get"))
		return usage();
	err = monitor_open(&monitor);
	if (err)
		return failed(err);
	if (argc == 3)
		return get(argv[2]);
	err = monitor_set(&monitor, argv[2], argv[3]);
	return err ? failed(err) : 0;
}
