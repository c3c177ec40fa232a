// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "claim.h"
#include "exchange.h"
#include "fd_store.h"
#include "log.h"
#include "serve.h"
#include "service_manager.h"
#include "signals.h"

/* ---- beginning ---- */

/* A channel of our own; left with the manager at once, as we may die any time from now. */
static int open_new(struct server *s)
{
	int err = 0;

	s->channel = vvb_open();
	if (s->channel < 0)
		return s->channel;
	if (s->manager_fd >= 0)
		err = fd_store_put(s->manager_fd, s->channel);
	if (err)
		say(LOG_WARNING, "leaving the channel with the manager: %s", strerror(-err));
	s->session = vvb_session(s->channel);
	return s->session < 0 ? s->session : 0;
}

/* What an ioctl says of a file that is something else. */
static bool is_no_channel(int err)
{
	return err == -ENOTTY || err == -EINVAL || err == -EBADF;
}

/*
 * Return: 0; -ENOENT when there is none; another when there is one, but now is not the time: -EBUSY
 * when a daemon lives on it. The channel stays in the store then, for the next try: with another
 * in its place, VFs and requests that belong to it would be nobody's.
 */
static int open_stored(struct server *s)
{
	s->channel = fd_store_take();
	if (s->channel < 0)
		return -ENOENT;
	s->session = vvb_session(s->channel);
	if (s->session >= 0)
		return 0;
	if (!is_no_channel(s->session))
		return s->session;
	say(LOG_WARNING, "the file descriptor handed down is no channel: %s",
	    strerror(-s->session));
	close(s->channel);
	return -ENOENT;
}

int serve_open(struct server *s)
{
	int err = open_stored(s);

	if (err == -ENOENT)
		err = open_new(s);
	else if (!err)
		say(LOG_NOTICE, "taking up the channel of the daemon before");
	if (!err && s->options->nr_vfs)
		err = disclaim_others(s->session, s->options);
	if (!err)
		err = claim_coming(s->session, s->options);
	return err ? err : claim_vfs(s->session, s->options, &s->counters, LOG_WARNING);
}

/* ---- the manager ---- */

static long long now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

#define RETRY_MS 100

/* In their order: the manager waits for READY=1 once it has got RELOADING=1. Return: all told? */
static bool tell_manager(struct server *s)
{
	for (int i = 0; i < 2; i++) {
		if (s->untold[i][0] && !manager_send(s->manager_fd, s->untold[i]))
			return false;
		s->untold[i][0] = '\0';
	}
	return true;
}

static void tell_reloading(struct server *s)
{
	snprintf(s->untold[0], sizeof(s->untold[0]), "RELOADING=1\nMONOTONIC_USEC=%lld", now_us());
	s->untold[1][0] = '\0'; /* not ready again yet */
	tell_manager(s);
}

void serve_ready(struct server *s)
{
	snprintf(s->untold[1], sizeof(s->untold[1]), "READY=1\nSTATUS=serving %d VFs%s",
		 counters_nr_served(&s->counters),
		 s->config.stale ? "; the configuration is wrong, see the log" : "");
	tell_manager(s);
}

/* ---- the loop ---- */

static void reload(struct server *s)
{
	int err;

	tell_reloading(s);
	err = claim_vfs(s->session, s->options, &s->counters, LOG_WARNING);
	if (err)
		say(LOG_WARNING, "looking for new VFs: %s", strerror(-err));
	running_config_reload(&s->config, &s->counters);
	forwards_rest(&s->forwards);
	serve_ready(s);
}

/* Told by the kernel: nobody has asked, so there is little to say. */
static void follow_vfs(struct server *s)
{
	claim_vfs(s->session, s->options, &s->counters, LOG_DEBUG);
	running_config_follow(&s->config, &s->counters);
	serve_ready(s);
}

static void write_stats(struct server *s)
{
	int err = s->stats_fd < 0 ? 0 : counters_write(&s->counters, s->stats_fd);

	if (err)
		say(LOG_WARNING, "stats file: %s", strerror(-err));
}

/* Return: go on? */
static bool obey(struct server *s, const struct signals *taken)
{
	if (taken->reload)
		reload(s);
	if (taken->stats)
		write_stats(s);
	return !taken->end;
}

/* Until something is to be told to the manager, -1 for ever. */
static int left_ms(struct server *s)
{
	long long now_ms = now_us() / 1000;
	int left;

	watchdog_feed(&s->watchdog, now_ms);
	left = watchdog_left_ms(&s->watchdog, now_ms);
	return tell_manager(s) || (left >= 0 && left < RETRY_MS) ? left : RETRY_MS;
}

/* The time-out first, then the signals: see signals_cut_short(). Return: go on, and wait? */
static bool may_wait(struct server *s, volatile __s32 *timeout_ms)
{
	struct signals taken;

	for (;;) {
		*timeout_ms = left_ms(s);
		if (!signals_take(&taken))
			return true;
		if (!obey(s, &taken))
			return false;
	}
}

/* Which VF a line is about. Until the next call: each request would pay for what is seldom said. */
static const char *said_of(__u64 vf)
{
	static char bdf[VVB_BDF_LEN];

	vvb_bdf_format(vf, bdf);
	return bdf;
}

/* The message is the policy's, or the operator's: anybody's bytes, which the log makes safe. */
static void log_ejection(const char *bdf, const struct vvb_ejection *e)
{
	if (e->access)
		say(LOG_WARNING,
		    "%s: policy %.*s was ejected: %s, code %d, \"%.*s\", at a %s of %s, %u bytes at "
		    "%u",
		    bdf, (int)sizeof(e->policy), e->policy, vvb_ejection_reason(e->kind), e->code,
		    (int)sizeof(e->message), e->message, e->write ? "write" : "read",
		    vvb_field_name(e->field), e->width, e->offset);
	else
		say(LOG_WARNING, "%s: policy %.*s was ejected: %s, \"%.*s\"", bdf,
		    (int)sizeof(e->policy), e->policy, vvb_ejection_reason(e->kind),
		    (int)sizeof(e->message), e->message);
}

/* By now the VF may have another policy: then there is nothing to be told. */
static void take_ejection(const struct server *s, __u64 vf)
{
	const char *bdf = said_of(vf);
	struct vvb_ejection ejection;
	int err = vvb_ejection_read(s->channel, vf, &ejection);

	if (!err && ejection.kind != VVB_EJECTED_NOT)
		log_ejection(bdf, &ejection);
	else
		say(LOG_WARNING, "%s: its policy was ejected; why: %s", bdf,
		    err ? strerror(-err) : "another has been selected since");
}

/* Nothing to answer. */
static void take_notice(struct server *s, const struct vvb_request *notice)
{
	if (notice->kind == VVB_REQUEST_VFS)
		follow_vfs(s);
	else if (notice->kind == VVB_REQUEST_EJECTED)
		take_ejection(s, notice->vf);
	else
		say(LOG_INFO, "%s: a notice of an unknown kind, %u", said_of(notice->vf),
		    notice->kind);
}

static const char *reply_name(const struct vvb_reply *reply)
{
	switch (reply->action) {
	case VVB_REPLY_VALUE:
		return "a value";
	case VVB_REPLY_COMMAND:
		return vvb_opcode_name(vvb_get_le(reply->command.bytes, 2));
	case VVB_REPLY_DENY:
		return "refused";
	case VVB_REPLY_RESULT:
		return "a result";
	default:
		return "left to the kernel";
	}
}

/* Why an operation can't be passed on, or NULL: it was. */
static const char *pass_on(struct server *s, const struct vvb_exchange *x)
{
	const char *path = request_handlers_forward(&s->config.handlers, x->request.vf);
	int err;

	if (!path)
		return "the configuration has no 'forward' for it";
	if (!s->config.env.forwards)
		return "there was no 'forward' when vvbd started: restart it";
	err = forwards_send(&s->forwards, path, x);
	return err ? strerror(-err) : NULL;
}

static void take_operation(struct server *s, struct vvb_exchange *x)
{
	const char *why;

	if (log_says(LOG_DEBUG))
		say(LOG_DEBUG, "%s: operation %llu: %s", said_of(x->request.vf), x->request.id,
		    vvb_opcode_name(vvb_get_le(x->operation.bytes, 2)));
	counters_operation(&s->counters, x->request.vf);
	why = pass_on(s, x);
	if (!why)
		return;
	s->counters.unreachable++;
	say_seldom(LOG_WARNING, "%s: an operation: %s", said_of(x->request.vf), why);
	x->reply = (struct vvb_reply) { .id = x->request.id, .action = VVB_REPLY_DENY };
}

static void answer_request(struct server *s, const struct vvb_request *request,
			   struct vvb_reply *reply)
{
	const bool debug = log_says(LOG_DEBUG);
	int opcode;

	if (debug)
		say(LOG_DEBUG, "%s: request %llu: %s %s at %u+%u", said_of(request->vf),
		    request->id, request->write ? "write" : "read", vvb_field_name(request->field),
		    request->offset, request->width);
	opcode = request_handlers_answer(&s->config.handlers, request, reply);
	counters_request(&s->counters, request->vf, reply, opcode);
	if (opcode < 0)
		say_seldom(LOG_WARNING, "%s: request %llu: its handler: %s", said_of(request->vf),
			   request->id, strerror(-opcode));
	else if (!opcode && reply->action == VVB_REPLY_DIRECT)
		say_seldom(LOG_WARNING, "%s: field %u, area %u, %u+%u: left to the kernel",
			   said_of(request->vf), request->field, request->area, request->offset,
			   request->width);
	if (debug)
		say(LOG_DEBUG, "%s: reply %llu: %s", said_of(request->vf), request->id,
		    reply_name(reply));
}

/* What came of an operation: to be told to the kernel in the next exchange. */
static bool take_result(struct server *s, struct vvb_exchange *x)
{
	if (!forwards_take(&s->forwards, x, &s->answered))
		return false;
	s->counters.unreachable += x->reply.action == VVB_REPLY_DENY;
	if (log_says(LOG_DEBUG))
		say(LOG_DEBUG, "%s: reply %llu: %s", said_of(s->answered), x->reply.id,
		    reply_name(&x->reply));
	return true;
}

/* While processes have operations, it is them that are waited for, too. */
static int exchange_next(struct server *s, struct vvb_exchange *x)
{
	if (!forwards_busy(&s->forwards))
		return exchange(s->session, x);
	if (!x->reply.id && !take_result(s, x)) {
		forwards_wait(&s->forwards, s->session, x->timeout_ms);
		take_result(s, x);
	}
	x->timeout_ms = 0;
	return exchange(s->session, x);
}

/*
 * What an exchange that brought no request means, with a reply for @vf, if there was one. Return: 0
 * to go on, -errno to give up.
 */
static int handle_failure(struct server *s, __u64 vf, int err)
{
	switch (err) {
	case -EINTR:
	case -EAGAIN:
		return 0;
	case -ENOENT:
		s->counters.late++;
		say_seldom(LOG_WARNING, "%s: a reply came too late", said_of(vf));
		return 0;
	case -EINVAL:
		s->counters.refused++;
		say_seldom(LOG_WARNING, "%s: the kernel refused a reply", said_of(vf));
		return 0;
	default:
		say(LOG_ERR, "waiting for requests: %s", strerror(-err));
		return err;
	}
}

/* A module that knows nothing of operations does not take the flag. */
static bool is_older_module(struct vvb_exchange *x, int err)
{
	if (err != -EINVAL || x->reply.id || !x->flags)
		return false;
	x->flags = 0;
	return true;
}

static int take_request(struct server *s, struct vvb_exchange *x, int err)
{
	if (is_older_module(x, err))
		return 0;
	memset(&x->reply, 0, sizeof(x->reply)); /* it was taken, or refused */
	if (err)
		return handle_failure(s, s->answered, err);
	s->answered = x->request.vf;
	if (x->request.kind == VVB_REQUEST_ACCESS)
		answer_request(s, &x->request, &x->reply);
	else if (x->request.kind == VVB_REQUEST_OPERATION)
		take_operation(s, x);
	else
		take_notice(s, &x->request);
	return 0;
}

static int exchange_all(struct server *s)
{
	struct vvb_exchange x = { .argsz = sizeof(x), .flags = VVB_EXCHANGE_OPERATIONS };
	int err = 0;

	signals_cut_short(&x.timeout_ms);
	while (!err && may_wait(s, &x.timeout_ms))
		err = take_request(s, &x, exchange_next(s, &x));
	signals_cut_short(NULL);
	x.timeout_ms = 0;
	if (x.reply.id) /* told to end: what is in hand still gets its answer */
		exchange(s->session, &x);
	return err;
}

int serve(struct server *s)
{
	int err = exchange_all(s);

	write_stats(s);
	return err;
}
