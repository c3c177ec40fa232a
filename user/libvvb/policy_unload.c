// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The end of a policy or guard: its pins go, and with them its link. */
#include <errno.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "link.h"
#include "link_holders.h"
#include "messages.h"
#include "other_policy.h"
#include "pins.h"

#define PAUSE_MS 10
#define SHORT_MS 1000
#define LONG_MS 4000

static bool link_exists(__u32 id)
{
	int fd = bpf_link_get_fd_by_id(id);

	if (fd < 0)
		return errno != ENOENT;
	close(fd);
	return true;
}

static bool map_exists(__u32 id)
{
	int fd = bpf_map_get_fd_by_id(id);

	if (fd < 0)
		return errno != ENOENT;
	close(fd);
	return true;
}

/*
 * The kernel lets go of links and maps on a work queue of its own. Waited for, so that what a
 * script does next finds them gone: rmmod, or the same name.
 */
static void wait_gone(__u32 link, __u32 map, int ms)
{
	for (; ms > 0; ms -= PAUSE_MS) {
		if (!(link && link_exists(link)) && !(map && map_exists(map)))
			return;
		usleep(PAUSE_MS * 1000);
	}
}

/* A policy's link can be told to end; a guard's ends with its last reference. */
static int detach(const char *pin, struct bpf_link_info *info)
{
	int fd = bpf_obj_get(pin);

	if (fd < 0)
		return -errno;
	if (!vvb_link_info(fd, info) && vvb_link_policy(info))
		bpf_link_detach(fd);
	close(fd);
	return 0;
}

/* Without a link there may be what it has left. */
static int detach_and_remove(const char *name, struct bpf_link_info *info)
{
	char pin[VVB_PIN_LEN];
	int err = vvb_pins_link(name, pin);

	if (!err)
		err = detach(pin, info);
	return err && err != -ENOENT ? err : vvb_pins_remove(name);
}

static int unload_locked(const char *name, struct bpf_link_info *info)
{
	int lock, err;

	if (!vvb_pins_name_ok(name))
		return -EINVAL;
	lock = vvb_pins_lock(false);
	if (lock == -ENOENT)
		return lock;
	if (lock < 0)
		return vvb_message_no_lock(lock);
	err = detach_and_remove(name, info);
	close(lock);
	return err;
}

/* A guard that is alive without our pin rules on: by whom? */
static int who_holds(__u32 link)
{
	if (!vvb_link_holders_say(link)) {
		wait_gone(link, 0, LONG_MS);
		if (!link_exists(link))
			return 0;
		vvb_message("what holds it can't be seen from here\n");
	}
	vvb_message("the guard rules on until that is gone\n");
	return -EBUSY;
}

int vvb_policy_unload(const char *name, char *log, size_t log_size)
{
	struct bpf_link_info info = {};
	int err;

	vvb_messages_begin(log, log_size);
	err = unload_locked(name, &info);
	if (err == -ENOENT)
		err = vvb_other_policy_end(name, &info);
	if (!err)
		wait_gone(info.id, vvb_link_policy(&info), SHORT_MS);
	if (!err && info.id && !vvb_link_policy(&info) && link_exists(info.id))
		err = who_holds(info.id);
	return vvb_messages_end(err);
}
