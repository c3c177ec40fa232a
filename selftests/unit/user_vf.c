// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* VFs and their attributes, in a sysfs of plain files. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "fake.h"
#include "libvvb/vvb.h"

TestSuite(user_vf, .init = fake_tree);

Test(user_vf, no_module)
{
	struct vvb_vf *vfs;
	char why[64];

	cr_expect_eq(vvb_vf_list(&vfs), -ENOENT);
	cr_expect_null(vfs);
	cr_expect_eq(vvb_driver_bpf(why, sizeof(why)), -ENOENT);
}

Test(user_vf, none_bound)
{
	struct vvb_vf *vfs;

	fake_driver("available\n", "");
	cr_expect_eq(vvb_vf_list(&vfs), 0);
	cr_expect_null(vfs);
}

Test(user_vf, list_is_sorted_and_skips_what_is_no_vf)
{
	struct vvb_vf *vfs;

	fake_driver("available\n", "");
	fake_vf("0000:02:00.1", 0x201, 1);
	fake_vf("0000:01:1f.7", 0x1ff, 7);
	fake_vf("0001:00:00.0", 0x10000, 3);
	fake_file("", "sys/bus/pci/drivers/virtio_vfio_bpf/0000:03:00.1"); /* going away */
	fake_file("", "sys/bus/pci/drivers/virtio_vfio_bpf/new_id");
	cr_assert_eq(vvb_vf_list(&vfs), 3);
	cr_expect_str_eq(vfs[0].bdf, "0000:01:1f.7");
	cr_expect_str_eq(vfs[1].bdf, "0000:02:00.1");
	cr_expect_str_eq(vfs[2].bdf, "0001:00:00.0");
	cr_expect_eq(vfs[0].member_id, 7);
	free(vfs);
}

/* One that is being unbound, or an older module: the others are no worse for it. */
Test(user_vf, list_with_what_is_known)
{
	struct vvb_vf *vfs;

	fake_driver("available\n", "");
	fake_vf("0000:01:00.3", 0x103, 3);
	fake_file("", "sys/bus/pci/drivers/virtio_vfio_bpf/0000:01:00.2");
	fake_attribute("0000:01:00.2", "legacy", "only\n");
	fake_attribute("0000:01:00.2", "daemon_uid", "70\n");
	fake_vf("0000:01:00.1", 0x101, 1);
	fake_attribute("0000:01:00.1", "policy", "a word that does not fit\n");
	fake_attribute("0000:01:00.1", "pf_stalled", "12 of them\n");
	cr_assert_eq(vvb_vf_list(&vfs), 3);
	cr_expect_str_eq(vfs[0].policy, "");
	cr_expect_eq(vfs[0].pf_stalled, 0);
	cr_expect_str_eq(vfs[0].legacy, "auto");
	cr_expect_eq(vfs[1].id, 0x102);
	cr_expect_str_eq(vfs[1].legacy, "only");
	cr_expect_str_eq(vfs[1].policy, "");
	cr_expect_eq(vfs[1].daemon_uid, 70);
	cr_expect_eq(vfs[1].member_id, 0);
	cr_expect_str_eq(vfs[2].policy, "none");
	cr_expect_eq(vvb_vf_get(0x102, &vfs[0]), 0, "one alone is known as well");
	free(vfs);
}

Test(user_vf, more_than_a_few)
{
	struct vvb_vf *vfs;
	char bdf[VVB_BDF_LEN];

	fake_driver("available\n", "");
	for (int i = 99; i >= 0; i--) {
		vvb_bdf_format(i, bdf);
		fake_vf(bdf, i, i + 1);
	}
	cr_assert_eq(vvb_vf_list(&vfs), 100);
	for (int i = 0; i < 100; i++)
		cr_assert_eq(vfs[i].id, i);
	free(vfs);
}

Test(user_vf, all_attributes)
{
	struct vvb_vf vf;

	fake_vf("0000:01:00.1", 0x101, 1);
	fake_attribute("0000:01:00.1", "legacy", "only\n");
	fake_attribute("0000:01:00.1", "interface", "transitional\n");
	fake_attribute("0000:01:00.1", "policy", "abcdefghijklmno\n");
	fake_attribute("0000:01:00.1", "policy_state", "missing\n");
	fake_attribute("0000:01:00.1", "shadow", "candidate\n");
	fake_attribute("0000:01:00.1", "policy_budget_us", "70\n");
	fake_attribute("0000:01:00.1", "on_daemon_loss", "wait\n");
	fake_attribute("0000:01:00.1", "daemon", "late\n");
	fake_attribute("0000:01:00.1", "notify", "command\n");
	fake_attribute("0000:01:00.1", "punt_timeout_ms", "60000\n");
	fake_attribute("0000:01:00.1", "daemon_uid", "4294967294\n");
	fake_attribute("0000:01:00.1", "admin_timeout_ms", "1000\n");
	fake_attribute("0000:01:00.1", "stalled", "1\n");
	fake_attribute("0000:01:00.1", "pf_stalled", "3\n");
	cr_assert_eq(vvb_vf_get(0x101, &vf), 0);
	cr_expect_eq(vf.id, 0x101);
	cr_expect_eq(vf.member_id, 1);
	cr_expect_str_eq(vf.bdf, "0000:01:00.1");
	cr_expect_str_eq(vf.legacy, "only");
	cr_expect_str_eq(vf.interface, "transitional");
	cr_expect_str_eq(vf.policy, "abcdefghijklmno");
	cr_expect_str_eq(vf.policy_state, "missing");
	cr_expect_str_eq(vf.shadow, "candidate");
	cr_expect_eq(vf.policy_budget_us, 70);
	cr_expect_str_eq(vf.on_daemon_loss, "wait");
	cr_expect_str_eq(vf.daemon, "late");
	cr_expect_str_eq(vf.notify, "command");
	cr_expect_eq(vf.punt_timeout_ms, 60000);
	cr_expect_eq(vf.daemon_uid, 4294967294u);
	cr_expect_eq(vf.admin_timeout_ms, 1000);
	cr_expect_eq(vf.stalled, 1);
	cr_expect_eq(vf.pf_stalled, 3);
}

Test(user_vf, not_bound)
{
	struct vvb_vf vf;

	cr_expect_eq(vvb_vf_get(0x101, &vf), -ENODEV);
	cr_expect_eq(vvb_vf_set(0x101, "legacy", "only"), -ENODEV);
}

Test(user_vf, attributes_that_make_no_sense)
{
	struct vvb_vf vf;

	fake_vf("0000:01:00.1", 0x101, 1);
	fake_attribute("0000:01:00.1", "policy", "a word that does not fit\n");
	cr_expect_eq(vvb_vf_get(0x101, &vf), -EOVERFLOW);
	fake_attribute("0000:01:00.1", "policy", "none\n");
	fake_attribute("0000:01:00.1", "punt_timeout_ms", "soon\n");
	cr_expect_eq(vvb_vf_get(0x101, &vf), -EPROTO);
}

Test(user_vf, set)
{
	fake_vf("0000:01:00.1", 0x101, 1);
	cr_assert_eq(vvb_vf_set(0x101, "legacy", "only"), 0);
	cr_expect_str_eq(fake_read("sys/bus/pci/devices/0000:01:00.1/vvb/legacy"), "only\n",
			 "a plain file keeps the rest: auto\\n");
	cr_expect_eq(vvb_vf_set(0x101, "interface", "modern"), -EINVAL);
	cr_expect_eq(vvb_vf_set(0x101, "../../etc/passwd", "x"), -EINVAL);
	cr_expect_eq(vvb_vf_set(0x101, "policy", ""), -EINVAL);
}

Test(user_vf, bpf)
{
	char why[64];

	fake_driver("available\n", "");
	cr_expect_eq(vvb_driver_bpf(why, sizeof(why)), 0);
	fake_driver("unavailable: no BTF\n", "");
	cr_expect_eq(vvb_driver_bpf(why, sizeof(why)), -EOPNOTSUPP);
	cr_expect_str_eq(why, "unavailable: no BTF");
}

static void says_of_module(const char *version, int ret, const char *older)
{
	char why[256] = "before";

	fake_file(version, FAKE_API_VERSION);
	cr_expect_eq(vvb_driver_api(why, sizeof(why)), ret, "%s", version);
	cr_expect_eq(strncmp(why, older, strlen(older)), 0, "%s: %s", version, why);
	cr_expect(*older || !*why, "%s: %s", version, why);
}

Test(user_vf, releases)
{
	char version[VVB_VERSION_LEN] = "before";

	cr_expect_str_eq(vvb_version(), "test");
	cr_expect_eq(vvb_driver_version(version), -ENOENT);
	cr_expect_str_eq(version, "");
	fake_file("0.2.0\n", "sys/module/virtio_vfio_bpf/version");
	cr_expect_eq(vvb_driver_version(version), 0);
	cr_expect_str_eq(version, "0.2.0");
	fake_file("0123456789012345678901234567890123\n", "sys/module/virtio_vfio_bpf/version");
	cr_expect_eq(vvb_driver_version(version), -EOVERFLOW);
	cr_expect_str_eq(version, "");
}

/* Which of the two is older, both versions, and what to do. */
Test(user_vf, version_of_the_module)
{
	char why[256] = "before", few[8];

	cr_expect_eq(VVB_API_VERSION, 1, "the sentences below have it in them");
	cr_expect_eq(vvb_driver_api(why, sizeof(why)), -ENOENT);
	cr_expect_str_eq(why, "");
	fake_driver("available\n", "");
	cr_expect_eq(vvb_driver_api(why, sizeof(why)), 0);
	cr_expect_str_eq(why, "");
	says_of_module("1\n", 0, "");
	says_of_module("2\n", -EPROTO,
		       "this program is older than module virtio_vfio_bpf (version 1 of what they "
		       "say to each other, not 2): install the one that came with the module");
	says_of_module("2147483647\n", -EPROTO, "this program is older than");
	says_of_module("2147483648\n", -EBADMSG, "api_version of module virtio_vfio_bpf: ");
	says_of_module("99999999999999\n", -EBADMSG, "api_version of");
	says_of_module("9999999999999999999999\n", -EOVERFLOW, "api_version of");
	says_of_module("0\n", -EBADMSG, "api_version of");
	says_of_module("-1\n", -EBADMSG, "api_version of");
	says_of_module("one\n", -EBADMSG, "api_version of");
	says_of_module("1 \n", -EBADMSG, "api_version of");
	says_of_module("", -EBADMSG, "api_version of");
	fake_remove(FAKE_API_VERSION);
	cr_expect_eq(vvb_driver_api(why, sizeof(why)), -EPROTO);
	cr_expect_str_eq(why,
			 "module virtio_vfio_bpf is older than this program (version 0 of what "
			 "they say to each other, not 1): load the one that came with the "
			 "program");
	cr_expect_eq(vvb_driver_api(few, sizeof(few)), -EPROTO);
	cr_expect_str_eq(few, "module ");
	few[0] = 'x';
	cr_expect_eq(vvb_driver_api(few, 0), -EPROTO);
	cr_expect_eq(few[0], 'x');
}
