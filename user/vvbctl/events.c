// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* vvbctl policy events: what a policy or a guard puts into its ring buffer. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vvbctl.h"

#define MOST_SECONDS 86400

/* How long a signal may take to end the command: libvvb goes on waiting when one comes. */
#define TURN_MS 200

static volatile sig_atomic_t stopped;

json_object *event_json(const struct vvb_access_event *e)
{
	json_object *value = json_object_new_object();
	char bdf[VVB_BDF_LEN], comm[sizeof(e->comm) + 1];

	vvb_bdf_format(e->vf, bdf);
	snprintf(comm, sizeof(comm), "%.*s", (int)sizeof(e->comm), e->comm);
	put_number(value, "time_ns", e->time_ns);
	put_text(value, "bdf", bdf);
	put_number(value, "seq", e->seq);
	put_access(value, e->vf, e->field, e->offset, e->width, e->write);
	put_value(value, "value", e->value, e->width);
	if (e->done) {
		put_text(value, "verdict", vvb_verdict_name(e->verdict));
		put_text(value, "handler", vvb_handler_name(e->handler));
		json_object_object_add(value, "error", json_object_new_int(e->error));
	}
	if (e->pid) {
		put_number(value, "pid", e->pid);
		put_number(value, "tid", e->tid);
		put_text(value, "comm", comm);
	}
	put_number(value, "lost", e->lost);
	return value;
}

static void outcome_text(json_object *event)
{
	if (json_object_object_get(event, "verdict"))
		printf("  %s by %s, error %s", text_of(event, "verdict"), text_of(event, "handler"),
		       text_of(event, "error"));
	if (json_object_object_get(event, "pid"))
		printf("  pid %s tid %s %s", text_of(event, "pid"), text_of(event, "tid"),
		       text_of(event, "comm"));
	if (number_of(event, "lost"))
		printf("  lost before %s", text_of(event, "lost"));
	printf("\n");
}

static void event_text(json_object *event)
{
	__u64 ns = number_of(event, "time_ns");
	char where[16];

	snprintf(where, sizeof(where), "%s+%s", text_of(event, "offset"), text_of(event, "width"));
	printf("%6llu.%06llu  %s  %-5s %-16s %-5s %s", (unsigned long long)(ns / 1000000000),
	       (unsigned long long)(ns / 1000 % 1000000), text_of(event, "bdf"),
	       text_of(event, "direction"), register_of(event), where, text_of(event, "value"));
	outcome_text(event);
}

/* Each is shown as it comes, so that there is but one at a time; as JSON all are one array. */
int event_show(const struct vvb_access_event *e, void *nr)
{
	json_object *value = event_json(e);
	unsigned long *shown = nr;

	if (options.json) {
		putchar(*shown ? ',' : '[');
		print_json(value);
	} else {
		event_text(value);
	}
	json_object_put(value);
	++*shown;
	return output_flush() ? -ECANCELED : 0;
}

void events_end(unsigned long shown)
{
	if (options.json)
		puts(shown ? "]" : "[]");
}

static int parse_seconds(const char *text, unsigned int *ms)
{
	char *end;
	unsigned long seconds = strtoul(text, &end, 10);

	if (*end || end == text || *text == '-' || seconds > MOST_SECONDS)
		return usage("what is '%s'? Seconds to wait for more, up to %d", text,
			     MOST_SECONDS);
	*ms = seconds * 1000;
	return DONE;
}

static int events_failed(const char *policy, int err)
{
	if (err == -ENOENT)
		return no_pins(policy);
	if (err == -ENODATA)
		return error("%s: has no ring buffer", policy);
	return error("%s: %s", policy, why(err));
}

static void stop_waiting(int signal)
{
	(void)signal;
	stopped = 1;
}

/* An event that was taken is shown, and an array is closed, though the wait is cut short. */
static int show_until(const char *policy, unsigned int ms, unsigned long *shown)
{
	const struct sigaction action = { .sa_handler = stop_waiting };
	unsigned int turn;
	int nr;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	do {
		turn = ms < TURN_MS ? ms : TURN_MS;
		nr = vvb_events(policy, turn, event_show, shown);
		ms -= turn;
	} while (nr >= 0 && ms && !stopped);
	return nr;
}

int policy_events(struct words *args)
{
	unsigned long shown = 0;
	unsigned int ms = 0;
	int nr;

	if (check_policy_name(args->word[0], false) ||
	    (args->nr > 1 && parse_seconds(args->word[1], &ms)))
		return USAGE;
	nr = show_until(args->word[0], ms, &shown);
	if (nr < 0 && !shown)
		return events_failed(args->word[0], nr);
	events_end(shown);
	if (nr < 0 && nr != -ECANCELED)
		error_late("%s: %s", args->word[0], why(nr));
	return nr < 0 ? FAILED : DONE;
}
