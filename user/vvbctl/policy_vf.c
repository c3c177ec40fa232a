// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* vvbctl policy show VF, select, eject: the policy of one VF, and what became of it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "vvbctl.h"

/* "2026-01-31T12:00:00.123Z" */
static void put_time(json_object *to, const char *key, __u64 ns)
{
	time_t seconds = ns / 1000000000;
	char date[32], text[48];
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text, sizeof(text), "%s.%03uZ", date, (unsigned int)(ns / 1000000 % 1000));
	put_text(to, key, text);
}

static json_object *access_json(__u64 vf, const struct vvb_ejection *e)
{
	json_object *value = json_object_new_object();

	put_access(value, vf, e->field, e->offset, e->width, e->write);
	put_value(value, "value", e->value, e->width);
	put_number(value, "seq", e->seq);
	put_number(value, "epoch", e->epoch);
	put_number(value, "msix", e->msix);
	return value;
}

json_object *ejection_json(__u64 vf, const struct vvb_ejection *e)
{
	json_object *value = json_object_new_object();

	put_text(value, "policy", e->policy);
	put_text(value, "kind", vvb_ejection_kind(e->kind));
	json_object_object_add(value, "code", json_object_new_int(e->code));
	if (e->kind == VVB_EJECTED_ILLEGAL_VERDICT)
		put_text(value, "verdict", vvb_verdict_name(e->code));
	put_text(value, "reason", vvb_ejection_reason(e->kind));
	put_text(value, "message", e->message);
	put_time(value, "time", e->time_ns);
	if (e->access)
		json_object_object_add(value, "access", access_json(vf, e));
	return value;
}

void ejection_text(json_object *ejection)
{
	json_object *access = json_object_object_get(ejection, "access");
	bool verdict = json_object_object_get(ejection, "verdict");

	printf("    ejected %s: %s, %s (%s)\n", text_of(ejection, "time"),
	       text_of(ejection, "policy"), text_of(ejection, "reason"), text_of(ejection, "kind"));
	printf("    code %s%s%s%s, \"%s\"\n", text_of(ejection, "code"), verdict ? " (" : "",
	       verdict ? text_of(ejection, "verdict") : "", verdict ? ")" : "",
	       text_of(ejection, "message"));
	if (access)
		printf("    at a %s of %s, %s bytes at %s, value %s, access number %s\n",
		       text_of(access, "direction"), register_of(access), text_of(access, "width"),
		       text_of(access, "offset"), text_of(access, "value"), text_of(access, "seq"));
}

static void show_text(json_object *value)
{
	json_object *ejection = json_object_object_get(value, "ejection");

	printf("%s  policy %s (%s)  shadow %s  budget %s us\n", text_of(value, "bdf"),
	       text_of(value, "policy"), text_of(value, "state"), text_of(value, "shadow"),
	       text_of(value, "policy_budget_us"));
	if (ejection)
		ejection_text(ejection);
}

static json_object *show_json(const struct vvb_vf *vf, const struct vvb_ejection *ejection)
{
	json_object *value = json_object_new_object();

	put_text(value, "bdf", vf->bdf);
	put_word(value, "policy", vf->policy);
	put_word(value, "state", vf->policy_state);
	put_word(value, "shadow", vf->shadow);
	put_number(value, "policy_budget_us", vf->policy_budget_us);
	if (ejection->kind != VVB_EJECTED_NOT)
		json_object_object_add(value, "ejection", ejection_json(vf->id, ejection));
	return value;
}

static int show_policy(const struct vvb_vf *vf)
{
	struct vvb_ejection ejection;
	json_object *list;
	int channel = open_channel(), err;

	if (channel < 0)
		return FAILED;
	err = vvb_ejection_read(channel, vf->id, &ejection);
	close(channel);
	if (err)
		return error("%s: %s", vf->bdf, why(err));
	list = json_object_new_array();
	json_object_array_add(list, show_json(vf, &ejection));
	return output(list, show_text);
}

int policy_of_vf(const char *text)
{
	struct vvb_vf *vf;
	int nr = get_vfs(text, &vf), ret;

	if (nr < 0)
		return nr == -EINVAL ? USAGE : FAILED;
	ret = show_policy(vf);
	free(vf);
	return ret;
}

int policy_select(struct words *args)
{
	return set_attribute(args->word[0], "policy", args->word[1]);
}

/* The driver would cut it. */
int policy_eject(struct words *args)
{
	const char *reason = args->nr > 1 ? args->word[1] : "no reason given";

	if (!*reason || strlen(reason) >= VVB_EJECTION_MESSAGE_LEN)
		return usage("a reason of 1 to %d bytes is wanted, not of %zu",
			     VVB_EJECTION_MESSAGE_LEN - 1, strlen(reason));
	return eject(args->word[0], reason);
}
