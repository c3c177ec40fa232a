// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Programs that were compiled against an older libvvb, or a newer one, than they run with. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fake.h"
#include "libvvb/vvb.h"

/* What the first header may have had. */
struct older_vf {
	__u64 id;
	__u64 member_id;
	char bdf[VVB_BDF_LEN];
};

struct newer_vf {
	struct vvb_vf now;
	__u64 more[5];
};

struct older_policy {
	char name[VVB_WORD_LEN];
};

struct newer_policy {
	struct vvb_policy now;
	__u64 more[5];
};

static void start(void)
{
	fake_tree();
	fake_driver("available\n", "split 1\nupstream 2\n");
	fake_vf("0000:01:00.2", 0x102, 2);
	fake_vf("0000:01:00.1", 0x101, 1);
	fake_attribute("0000:01:00.1", "pf_stalled", "3\n");
}

TestSuite(user_abi, .init = start);

Test(user_abi, an_older_vf)
{
	struct {
		struct older_vf vf;
		char behind[sizeof(struct vvb_vf)];
	} room;
	struct older_vf *vfs;

	memset(&room, 0x5a, sizeof(room));
	cr_assert_eq(vvb_vf_get_sized(0x101, (struct vvb_vf *)&room.vf, sizeof(room.vf)), 0);
	cr_expect_eq(room.vf.member_id, 1);
	cr_expect_str_eq(room.vf.bdf, "0000:01:00.1");
	for (size_t i = 0; i < sizeof(room.behind); i++)
		cr_assert_eq(room.behind[i], 0x5a, "%zu bytes behind it", i);
	cr_assert_eq(vvb_vf_list_sized((struct vvb_vf **)&vfs, sizeof(*vfs)), 2);
	cr_expect_eq(vfs[0].id, 0x101);
	cr_expect_eq(vfs[1].id, 0x102);
	cr_expect_str_eq(vfs[1].bdf, "0000:01:00.2");
	free(vfs);
}

Test(user_abi, a_newer_vf)
{
	struct newer_vf vf, *vfs;

	memset(&vf, 0x5a, sizeof(vf));
	cr_assert_eq(vvb_vf_get_sized(0x101, &vf.now, sizeof(vf)), 0);
	cr_expect_eq(vf.now.pf_stalled, 3);
	for (int i = 0; i < 5; i++)
		cr_expect_eq(vf.more[i], 0);
	cr_assert_eq(vvb_vf_list_sized((struct vvb_vf **)&vfs, sizeof(*vfs)), 2);
	cr_expect_str_eq(vfs[1].now.bdf, "0000:01:00.2");
	cr_expect_eq(vfs[0].now.pf_stalled, 3);
	cr_expect_eq(vfs[1].more[4], 0);
	free(vfs);
}

Test(user_abi, policies)
{
	struct older_policy *older;
	struct newer_policy *newer;
	int nr = vvb_policy_list_sized((struct vvb_policy **)&older, sizeof(*older));

	cr_assert_geq(nr, 2);
	cr_expect_str_eq(older[0].name, "split");
	cr_expect_str_eq(older[1].name, "upstream");
	free(older);
	cr_assert_eq(vvb_policy_list_sized((struct vvb_policy **)&newer, sizeof(*newer)), nr);
	cr_expect_str_eq(newer[1].now.name, "upstream");
	cr_expect_eq(newer[1].now.users, 2);
	cr_expect_eq(newer[1].more[0], 0);
	free(newer);
}

Test(user_abi, no_size)
{
	struct vvb_policy *policies = (void *)1;
	struct vvb_vf *vfs = (void *)1;
	struct vvb_stats stats;

	cr_expect_eq(vvb_vf_list_sized(&vfs, 0), -EINVAL);
	cr_expect_null(vfs);
	cr_expect_eq(vvb_policy_list_sized(&policies, 0), -EINVAL);
	cr_expect_null(policies);
	cr_expect_eq(vvb_stats_read_sized(0, 0x101, &stats, 15), -EINVAL);
	cr_expect_eq(vvb_stats_read_sized(0, 0x101, &stats, 1ull << 32), -EINVAL);
}

/* A file knows none of our ioctls: what is filled in is what the caller has room for. */
Test(user_abi, an_older_report)
{
	char room[sizeof(struct vvb_stats)];
	int fd = open("/dev/null", O_RDWR);

	memset(room, 0x5a, sizeof(room));
	cr_expect_eq(vvb_stats_read_sized(fd, 0x101, (struct vvb_stats *)room, 24), -ENOTTY);
	cr_expect_eq(room[16], 0);
	cr_expect_eq(room[24], 0x5a);
	cr_expect_eq(vvb_ejection_read_sized(fd, 0x101, (struct vvb_ejection *)room, 32), -ENOTTY);
	cr_expect_eq(room[32], 0x5a);
	cr_expect_eq(vvb_shadow_read_sized(fd, 0x101, (struct vvb_shadow *)room, 40), -ENOTTY);
	cr_expect_eq(room[40], 0x5a);
	close(fd);
}

/*
 * Messages to the kernel, and what BPF objects hold: libvvb's functions that take them have no
 * size. Requests and replies grow into the room they have; of the others, one that has to grow gets
 * another struct, ioctl or section, and function.
 */
Test(user_abi, what_must_not_grow)
{
	cr_expect_eq(sizeof(struct vvb_request), 56);
	cr_expect_eq(sizeof(struct vvb_command), 48);
	cr_expect_eq(sizeof(struct vvb_reply), 80);
	cr_expect_eq(sizeof(struct vvb_knob), 216);
	cr_expect_eq(sizeof(struct vvb_access_event), 80);
}

/* More registers, verdicts, events: not one counter moves, and no call gets another number. */
Test(user_abi, what_stays_where_it_is)
{
	cr_expect_eq(sizeof(struct vvb_vf_arg), 16);
	cr_expect_eq(offsetof(struct vvb_field_stats, verdict), 48);
	cr_expect_eq(offsetof(struct vvb_field_stats, handler), 176);
	cr_expect_eq(offsetof(struct vvb_field_stats, latency), 240);
	cr_expect_eq(sizeof(struct vvb_field_stats), 496);
	cr_expect_eq(offsetof(struct vvb_stats, field), 16);
	cr_expect_eq(offsetof(struct vvb_stats, event), 7952);
	cr_expect_eq(offsetof(struct vvb_stats, commands), 8464);
	cr_expect_eq(offsetof(struct vvb_shadow, samples), 296);
	cr_expect_eq(offsetof(struct vvb_exchange, reply), 16);
	cr_expect_eq(offsetof(struct vvb_exchange, request), 96);
	cr_expect_eq(offsetof(struct vvb_own_command, result), 72);
	cr_expect_eq(VVB_IOC_SESSION, 0x5900);
	cr_expect_eq(VVB_IOC_STATS, 0x5901);
	cr_expect_eq(VVB_IOC_STATS_RESET, 0x5902);
	cr_expect_eq(VVB_IOC_EJECTION, 0x5903);
	cr_expect_eq(VVB_IOC_SHADOW, 0x5904);
	cr_expect_eq(VVB_IOC_CLAIM, 0x5908);
	cr_expect_eq(VVB_IOC_DISCLAIM, 0x5909);
	cr_expect_eq(VVB_IOC_EXCHANGE, 0x590a);
	cr_expect_eq(VVB_IOC_COMMAND, 0x590b);
}
