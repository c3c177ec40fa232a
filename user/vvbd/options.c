// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "conf/conf_file.h"
#include "log.h"
#include "options.h"

static const struct option known[] = {
	{ "foreground", no_argument, NULL, 'f' },
	{ "all", no_argument, NULL, 'a' },
	{ "vf", required_argument, NULL, 'v' },
	{ "config", required_argument, NULL, 'c' },
	{ "check-config", no_argument, NULL, 'C' },
	{ "log-level", required_argument, NULL, 'l' },
	{ "stats-file", required_argument, NULL, 's' },
	{ "pid-file", required_argument, NULL, 'p' },
	{ "user", required_argument, NULL, 'u' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{},
};

static const char help[] =
	"Usage: vvbd [OPTIONS] [VF]...\n"
	"Answers the register accesses that the policies of VFs punt.\n"
	"    VF, --vf VF         serve this one, e.g. 0000:01:00.1; more than one may be given\n"
	"    --all               serve all bound to " VVB_DRIVER " (without VF: the same)\n"
	"    --foreground        stay in the foreground, as under a service manager\n"
	"    --user USER         become that user once everything is open\n"
	"    --config FILE       instead of " CONF_FILE_DEFAULT ", see vvb.conf(5)\n"
	"    --check-config      read it, say what is wrong, and end\n"
	"    --stats-file FILE   counters as JSON, on SIGUSR1 and at the end\n"
	"    --pid-file FILE     the process id\n"
	"    --log-level LEVEL   err, warning, notice (default), info or debug\n"
	"    --help, --version\n"
	"SIGHUP: read the configuration again. SIGTERM, SIGINT: end.\n";

static bool add_option_vf(struct options *options, const char *text)
{
	__u64 *more = realloc(options->vfs, (options->nr_vfs + 1) * sizeof(*more));

	if (!more)
		return false;
	options->vfs = more;
	if (vvb_bdf_parse(text, &more[options->nr_vfs])) {
		say(LOG_ERR, "what is '%s'? A VF is named like 0000:01:00.1", text);
		return false;
	}
	options->nr_vfs++;
	return true;
}

static bool set_level(struct options *options, const char *text)
{
	options->log_level = log_level(text);
	if (options->log_level >= 0)
		return true;
	say(LOG_ERR, "what is '%s'? Log levels: err, warning, notice, info, debug", text);
	return false;
}

static bool set_option(struct options *options, int c, bool *all)
{
	switch (c) {
	case 'f':
		options->foreground = true;
		return true;
	case 'a':
		*all = true;
		return true;
	case 'v':
		return add_option_vf(options, optarg);
	case 'c':
		options->config = optarg;
		return true;
	case 'C':
		options->check = true;
		return true;
	case 'l':
		return set_level(options, optarg);
	case 's':
		options->stats_file = optarg;
		return true;
	case 'p':
		options->pid_file = optarg;
		return true;
	case 'u':
		options->user = optarg;
		return true;
	default:
		return false;
	}
}

/* getopt_long() itself would show what was typed as it is. @c: what it returned. */
static void tell_wrong(int c, const char *typed)
{
	bool with_value = !strncmp(typed, "--", 2) && strchr(typed, '=');

	if (c == ':')
		say(LOG_ERR, "%s wants a value; try: vvbd --help", typed);
	else if (optopt && !with_value) /* a letter, maybe not the first behind its '-' */
		say(LOG_ERR, "what is '-%c'? Try: vvbd --help", optopt);
	else
		say(LOG_ERR, "what is '%s'? Try: vvbd --help", typed);
}

enum options_result options_parse(struct options *options, int argc, char **argv)
{
	bool all = false;
	int c;

	*options = (struct options) { .log_level = LOG_NOTICE };
	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":h", known, NULL)) != -1) {
		if (c == 'h' || c == 'V') {
			fputs(c == 'h' ? help : "vvbd " VVB_VERSION "\n", stdout);
			return OPTIONS_DONE;
		}
		if (c == '?' || c == ':')
			tell_wrong(c, argv[optind - 1]);
		if (!set_option(options, c, &all))
			return OPTIONS_WRONG;
	}
	while (optind < argc)
		if (!add_option_vf(options, argv[optind++]))
			return OPTIONS_WRONG;
	if (all && options->nr_vfs) {
		say(LOG_ERR, "--all, or VFs by name: not both");
		return OPTIONS_WRONG;
	}
	return OPTIONS_RUN;
}
