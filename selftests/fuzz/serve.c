// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The daemon's loop against a kernel that says anything: requests of any bytes, errors in any
 * order, signals at any time. A request that is taken is answered once, in the next exchange, an
 * operation by a refusal, as no process is there that could carry it out;
 * the loop ends when told to; and what it counted is what it was given, as JSON.
 */
#include <errno.h>
#include <json-c/json.h>
#include <signal.h>

#include "input.h"
#include "vvbd/legacy_admin.h"
#include "vvbd/exchange.h"
#include "vvbd/log.h"
#include "vvbd/serve.h"
#include "vvbd/signals.h"

#define SESSION 77

static struct input in;
static struct vvb_request held; /* not yet answered, id 0: none */
static unsigned long long requests, late, refused;
static int fatal;

/* ---- the kernel's side, in place of libvvb's channel ---- */

int __wrap_vvb_open(void);
int __wrap_vvb_session(int channel);
int __wrap_vvb_claim(int session, __u64 vf);
int __wrap_vvb_disclaim(int session, __u64 vf);
int __wrap_vvb_claim_coming(int session, bool take);
int __wrap_vvb_vf_ids(__u64 **ids);
int __wrap_vvb_vf_list_sized(struct vvb_vf **vfs, size_t size);
int __wrap_exchange(int session, struct vvb_exchange *x);

int __wrap_vvb_open(void)
{
	return SESSION - 1;
}

int __wrap_vvb_session(int channel)
{
	fuzz_check(channel == SESSION - 1);
	return SESSION;
}

int __wrap_vvb_claim(int session, __u64 vf)
{
	static const int errors[] = { 0, 0, 0, -EBUSY, -EPERM, -ENODEV };

	(void)vf;
	fuzz_check(session == SESSION);
	return errors[input_byte(&in) % 6];
}

int __wrap_vvb_disclaim(int session, __u64 vf)
{
	(void)vf;
	fuzz_check(session == SESSION);
	return input_byte(&in) & 1 ? -EPERM : 0;
}

int __wrap_vvb_vf_list_sized(struct vvb_vf **vfs, size_t size)
{
	int nr = input_byte(&in) % 4;

	fuzz_check(size == sizeof(**vfs));
	*vfs = NULL;
	if (nr == 3)
		return -ENOENT;
	if (!nr)
		return 0;
	*vfs = calloc((size_t)nr, sizeof(**vfs));
	for (int i = 0; i < nr; i++)
		(*vfs)[i].id = input_number(&in, 1);
	return nr;
}

int __wrap_vvb_claim_coming(int session, bool take)
{
	(void)take;
	fuzz_check(session == SESSION);
	return input_byte(&in) & 1 ? -ENODEV : 0;
}

int __wrap_vvb_vf_ids(__u64 **ids)
{
	int nr = input_byte(&in) % 4;

	*ids = NULL;
	if (nr == 3)
		return -ENOENT;
	if (nr)
		*ids = calloc((size_t)nr, sizeof(**ids));
	for (int i = 0; i < nr; i++)
		(*ids)[i] = input_number(&in, 1);
	return nr;
}

static void take_reply(const struct vvb_reply *reply)
{
	if (!held.id) {
		fuzz_check(reply->action == VVB_REPLY_NONE);
		return;
	}
	fuzz_check(reply->id == held.id);
	if (held.kind == VVB_REQUEST_OPERATION)
		fuzz_check(reply->action == VVB_REPLY_DENY);
	else
		fuzz_check(reply->action == VVB_REPLY_COMMAND || reply->action == VVB_REPLY_DIRECT);
	held.id = 0;
}

static bool is_answered(const struct vvb_request *request)
{
	return request->kind == VVB_REQUEST_ACCESS || request->kind == VVB_REQUEST_OPERATION;
}

static int give_request(struct vvb_request *request)
{
	input_bytes(&in, &held, sizeof(held));
	held.kind = held.kind % 8 ? VVB_REQUEST_ACCESS : held.kind >> 3;
	if (is_answered(&held) && !held.id)
		held.id = 1;
	requests += is_answered(&held);
	*request = held;
	if (!is_answered(&held)) /* a notice, of known kinds and others: no reply */
		held.id = 0;
	return 0;
}

/* What an older module says of the flag is nothing about a reply. */
static int give_error(int err, const struct vvb_exchange *x)
{
	late += err == -ENOENT;
	refused += err == -EINVAL && (x->reply.id || !x->flags);
	fatal = err == -EIO || err == -ENODEV ? err : 0;
	return err;
}

/* A signal before the call has it not wait; later ones interrupt it. */
static void raise_some(unsigned int what, const struct vvb_exchange *x)
{
	static const int signals[] = { SIGHUP, SIGUSR1 };

	if (what & 0x80)
		raise(signals[what & 1]);
	if (!in.left) /* the kernel has nothing more to say */
		raise(what & 1 ? SIGTERM : SIGINT);
	fuzz_check(!x->timeout_ms || (!(what & 0x80) && in.left));
}

int __wrap_exchange(int session, struct vvb_exchange *x)
{
	static const int errors[] = { -EINTR, -EAGAIN, -ENOENT, -EINVAL, -EIO, -ENODEV };
	unsigned int what = input_byte(&in);

	fuzz_check(session == SESSION && !fatal);
	take_reply(&x->reply);
	if (!x->timeout_ms) /* the last */
		return -EAGAIN;
	raise_some(what, x);
	if (!in.left || (what & 0x7f) < 32)
		return give_error(errors[what % 6], x);
	return give_request(&x->request);
}

/* ---- */

static void check_counters(const struct counters *c)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);
	json_object *value, *member;

	counters_print(c, to);
	fclose(to);
	value = json_tokener_parse(text);
	fuzz_check(value && json_object_object_get_ex(value, "requests", &member));
	fuzz_check((unsigned long long)json_object_get_int64(member) == requests);
	fuzz_check(c->requests == requests && c->late == late && c->refused == refused);
	json_object_put(value);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	__u64 vfs[2] = { 0x101, 0x102 };
	struct options options = { .vfs = vfs, .nr_vfs = size % 3 };
	struct server s = {
		.options = &options,
		.manager_fd = -1,
		.stats_fd = -1,
		.watchdog = { .manager_fd = -1, .period_ms = -1 },
		.config = { .path = strdup("/nosuch"), .env = { .session = -1, .trace_fd = -1 } },
	};
	int err;

	in = (struct input) { data, size };
	memset(&held, 0, sizeof(held));
	requests = late = refused = 0;
	fatal = 0;
	log_init(-1, false);
	signals_init();
	serve_open(&s);
	err = serve(&s);
	fuzz_check(err == fatal);
	fuzz_check(!held.id);
	check_counters(&s.counters);
	running_config_close(&s.config);
	free(s.counters.vfs);
	return 0;
}
