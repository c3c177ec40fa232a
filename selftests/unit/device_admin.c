// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Administration commands: every opcode, every MUST of the specification. */
#include <string.h>

#include "driver.h"

static struct reply list_use(struct admin *a, uint64_t bits)
{
	uint8_t data[8];
	unsigned int i;

	for (i = 0; i < 8; i++)
		data[i] = (uint8_t)(bits >> 8 * i);
	return admin_cmd(a, 1, GROUP, 0, data, 8, 0);
}

static struct reply member_cmd(struct admin *a, uint16_t opcode, uint64_t member)
{
	static const uint8_t data[9] = { 18 };
	uint32_t len = opcode == 2 || opcode == 4 ? 9 : 1;
	uint32_t room = opcode == 6 ? 64 : opcode == 3 || opcode == 5 ? 1 : 0;

	return admin_cmd(a, opcode, GROUP, member, data, len, room);
}

Test(admin, list_query_names_seven_opcodes)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_start(w);
	struct reply r = admin_cmd(&a, 0, GROUP, 0, NULL, 0, 8);

	admin_is(&r, OK);
	cr_assert_eq(r.used, 16);
	cr_assert_eq(memcmp(r.result, "\xff\3\0\0\0\0\0\0", 8), 0);
	world_free(w);
}

Test(admin, list_query_without_legacy_commands)
{
	struct nic_settings s;
	struct world *w;
	struct admin a;
	struct reply r;

	nic_settings_init(&s);
	s.legacy_commands = false;
	w = world_new(&s, 1);
	a = admin_start(w);
	r = admin_cmd(&a, 0, GROUP, 0, NULL, 0, 8);
	cr_assert_eq(memcmp(r.result, "\x83\3\0\0\0\0\0\0", 8), 0);
	r = list_use(&a, 7);
	admin_is(&r, INVALID_FIELD);
	r = list_use(&a, 3);
	admin_is(&r, OK);
	r = member_cmd(&a, 3, 1);
	admin_is(&r, INVALID_OPCODE);
	world_free(w);
}

Test(admin, list_use_takes_any_subset_and_nothing_else)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_start(w);
	struct reply r;
	uint64_t bits;

	for (bits = 0; bits < 0x400; bits++) {
		r = list_use(&a, bits | 3);
		admin_is(&r, OK);
		cr_assert_eq(r.used, 8);
	}
	for (bits = 0x400; bits; bits <<= 1) {
		r = list_use(&a, bits | 3);
		admin_is(&r, INVALID_FIELD);
	}
	world_free(w);
}

Test(admin, only_the_list_commands_after_reset)
{
	struct world *w = world_new(NULL, 1);
	struct admin a;
	struct reply r;
	uint16_t op;
	int round;

	for (round = 0; round < 2; round++) {
		a = admin_start(w);
		for (op = 2; op <= 6; op++) {
			r = member_cmd(&a, op, 1);
			admin_is(&r, INVALID_OPCODE);
		}
		r = list_use(&a, 0x7f);
		admin_is(&r, OK);
		r = member_cmd(&a, 6, 1);
		admin_is(&r, OK);
	}
	world_free(w);
}

Test(admin, commands_not_in_the_list_used_are_refused)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_start(w);
	struct reply r;
	uint16_t op, enabled;

	for (enabled = 2; enabled <= 6; enabled++) {
		r = list_use(&a, 3 | 1u << enabled);
		admin_is(&r, OK);
		for (op = 2; op <= 6; op++) {
			r = member_cmd(&a, op, 1);
			if (op != enabled)
				admin_is(&r, INVALID_OPCODE);
			else
				cr_assert_neq(r.qualifier, 2);
		}
	}
	world_free(w);
}

Test(admin, a_driver_may_lock_itself_out_until_reset)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_start(w);
	struct reply r;

	r = list_use(&a, 0x7c);
	admin_is(&r, OK);
	r = admin_cmd(&a, 0, GROUP, 0, NULL, 0, 8);
	admin_is(&r, INVALID_OPCODE);
	r = list_use(&a, 0x7f);
	admin_is(&r, INVALID_OPCODE);
	r = member_cmd(&a, 6, 1);
	admin_is(&r, OK);
	a = admin_start(w);
	r = admin_cmd(&a, 0, GROUP, 0, NULL, 0, 8);
	admin_is(&r, OK);
	world_free(w);
}

Test(admin, a_refused_list_use_leaves_the_list)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct reply r;

	r = list_use(&a, 0x403);
	admin_is(&r, INVALID_FIELD);
	r = member_cmd(&a, 6, 1);
	admin_is(&r, OK);
	world_free(w);
}

Test(admin, list_use_longer_and_shorter_than_ours)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_start(w);
	uint8_t data[64] = { 0x7f };
	struct reply r;

	r = admin_cmd(&a, 1, GROUP, 0, data, sizeof(data), 0);
	admin_is(&r, OK);
	r = admin_cmd(&a, 1, GROUP, 0, data, 1, 0);
	admin_is(&r, OK);
	r = member_cmd(&a, 6, 1);
	admin_is(&r, OK);
	data[63] = 1;
	r = admin_cmd(&a, 1, GROUP, 0, data, sizeof(data), 0);
	admin_is(&r, INVALID_FIELD);
	r = admin_cmd(&a, 1, GROUP, 0, NULL, 0, 0);
	admin_is(&r, OK);
	r = member_cmd(&a, 6, 1);
	admin_is(&r, INVALID_OPCODE);
	world_free(w);
}

Test(admin, group_is_checked_first)
{
	static const uint16_t bad[] = { 2, 3, 0x100, 0xffff };
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	uint16_t op;
	unsigned int i;
	struct reply r;

	for (i = 0; i < COUNT(bad); i++)
		for (op = 0; op < 12; op++) {
			r = admin_cmd(&a, op, bad[i], 99, NULL, 0, 8);
			admin_is(&r, INVALID_GROUP);
			cr_assert_eq(r.used, 8);
		}
	world_free(w);
}

Test(admin, opcode_is_checked_before_member)
{
	static const uint16_t bad[] = { 0xa, 0xe, 0x10, 0x11, 63, 64, 0x8000, 0xffff };
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	unsigned int i;
	struct reply r;

	for (i = 0; i < COUNT(bad); i++) {
		r = admin_cmd(&a, bad[i], GROUP, 99, NULL, 0, 8);
		admin_is(&r, INVALID_OPCODE);
		r = admin_cmd(&a, bad[i], GROUP, 1, NULL, 0, 8);
		admin_is(&r, INVALID_OPCODE);
	}
	world_free(w);
}

Test(admin, member_is_one_to_num_vfs)
{
	static const uint64_t bad[] = { 0, 4, 64, 65, 1u << 16, UINT64_C(1) << 32 | 1, UINT64_MAX };
	struct world *w = world_new(NULL, 3);
	struct admin a = admin_ready(w);
	unsigned int i;
	uint16_t op;
	struct reply r;

	for (op = 2; op <= 6; op++) {
		for (i = 0; i < COUNT(bad); i++) {
			r = member_cmd(&a, op, bad[i]);
			admin_is(&r, INVALID_MEMBER);
		}
		for (i = 1; i <= 3; i++) {
			r = member_cmd(&a, op, i);
			cr_assert_neq(r.qualifier, 5);
		}
	}
	world_free(w);
}

Test(admin, member_is_not_looked_at_by_the_list_commands)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_start(w);
	struct reply r = admin_cmd(&a, 0, GROUP, 12345, NULL, 0, 8);

	admin_is(&r, OK);
	world_free(w);
}

Test(admin, no_vf_enable_no_group)
{
	struct world *w = world_new(NULL, 0);
	struct admin a = admin_ready(w); /* as Linux: lists settled before VF Enable */
	struct reply r;
	uint16_t op;

	for (op = 2; op <= 6; op++) {
		r = member_cmd(&a, op, 1);
		admin_is(&r, INVALID_GROUP);
	}
	nic_set_num_vfs(w->nic, 2);
	r = member_cmd(&a, 6, 2);
	admin_is(&r, OK);
	nic_set_num_vfs(w->nic, 0);
	r = member_cmd(&a, 6, 2);
	admin_is(&r, INVALID_GROUP);
	world_free(w);
}

Test(admin, no_vf_enable_no_group_to_the_letter)
{
	struct nic_settings s;
	struct world *w;
	struct admin a;
	struct reply r;

	nic_settings_init(&s);
	s.strict_vf_enable = true;
	w = world_new(&s, 0);
	a = admin_start(w);
	r = admin_cmd(&a, 0, GROUP, 0, NULL, 0, 8);
	admin_is(&r, INVALID_GROUP);
	r = list_use(&a, 0x7f);
	admin_is(&r, INVALID_GROUP);
	nic_set_num_vfs(w->nic, 1);
	r = list_use(&a, 0x7f);
	admin_is(&r, OK);
	world_free(w);
}

Test(admin, common_access_is_exactly_one_field)
{
	static const uint8_t field[256] = {
		[L_DF] = 4,	[L_GF] = 4,	[L_PFN] = 4, [L_QSIZE] = 2, [L_QSEL] = 2,
		[L_NOTIFY] = 2, [L_STATUS] = 1, [L_ISR] = 1, [L_CVEC] = 2,  [L_QVEC] = 2,
	};
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct reply r;
	unsigned int offset, width;

	for (offset = 0; offset < 256; offset++)
		for (width = 0; width < 20; width++) {
			r = legacy_try_read(&a, 1, 3, (uint8_t)offset, width);
			if (width && field[offset] == width) {
				admin_is(&r, OK);
				cr_assert_eq(r.used, 8 + width);
			} else {
				admin_is(&r, INVALID_FIELD);
				cr_assert_eq(r.used, 8);
			}
			r = legacy_try_write(&a, 1, 2, (uint8_t)offset, 0, width);
			if (width && field[offset] == width)
				admin_is(&r, OK);
			else
				admin_is(&r, INVALID_FIELD);
		}
	world_free(w);
}

Test(admin, device_access_is_within_one_field)
{
	static const uint8_t end[24] = { 6,  6,	 6,  6,	 6,  6,	 8,  8,	 10, 10, 12, 12,
					 16, 16, 16, 16, 17, 18, 20, 20, 24, 24, 24, 24 };
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct reply r;
	unsigned int offset, width;
	bool ok;

	for (offset = 0; offset < 256; offset++)
		for (width = 0; width < 20; width++) {
			ok = width && offset < 24 && offset + width <= end[offset];
			r = legacy_try_read(&a, 1, 5, (uint8_t)offset, width);
			if (ok) {
				admin_is(&r, OK);
				cr_assert_eq(r.used, 8 + width);
			} else {
				admin_is(&r, INVALID_FIELD);
			}
			r = legacy_try_write(&a, 1, 4, (uint8_t)offset, 0, width);
			if (ok)
				admin_is(&r, OK);
			else
				admin_is(&r, INVALID_FIELD);
		}
	world_free(w);
}

Test(admin, a_refused_access_has_no_side_effect)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct net n = net_legacy(&a, 1, 0);
	struct reply r;
	uint8_t frame[64];
	uint32_t id;

	/* one byte of 16 bits, two fields, beyond: status, selector and ring stay */
	r = legacy_try_write(&a, 1, 2, L_STATUS, 0, 2);
	admin_is(&r, INVALID_FIELD);
	r = legacy_try_write(&a, 1, 2, L_QSEL, 7, 1);
	admin_is(&r, INVALID_FIELD);
	r = legacy_try_write(&a, 1, 2, L_PFN, 0, 8);
	admin_is(&r, INVALID_FIELD);
	r = legacy_try_read(&a, 1, 3, L_STATUS, 2);
	admin_is(&r, INVALID_FIELD);
	cr_assert_eq(legacy_get(&a, 1, L_STATUS, 1), S_ACKNOWLEDGE | S_DRIVER | S_DRIVER_OK);
	cr_assert_eq(legacy_get(&a, 1, L_QSEL, 2), NIC_Q_TX);
	net_frame(w, frame, sizeof(frame), -1, 1);
	net_send(&n, frame, sizeof(frame));
	cr_assert(ring_used(&n.tx, &id, &id));
	cr_assert_neq(legacy_get(&a, 1, L_ISR, 1), 0);
	world_free(w);
}

Test(admin, a_refused_isr_read_does_not_clear_it)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct reply r;

	net_legacy(&a, 1, 0);
	nic_set_link(w->nic, 1, false);
	r = legacy_try_read(&a, 1, 3, L_ISR, 2);
	admin_is(&r, INVALID_FIELD);
	r = legacy_try_read(&a, 2, 3, L_ISR, 1);
	admin_is(&r, INVALID_MEMBER);
	cr_assert_eq(legacy_get(&a, 1, L_ISR, 1), 2);
	world_free(w);
}

Test(admin, writing_a_read_only_field_is_a_no_op)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);

	legacy_put(&a, 1, L_DF, 0, 4);
	legacy_put(&a, 1, L_QSIZE, 1, 2);
	legacy_put(&a, 1, L_ISR, 3, 1);
	cr_assert_neq(legacy_get(&a, 1, L_DF, 4), 0);
	cr_assert_eq(legacy_get(&a, 1, L_QSIZE, 2), 256);
	cr_assert_eq(legacy_get(&a, 1, L_ISR, 1), 0);
	world_free(w);
}

Test(admin, missing_bytes_read_as_zero)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	uint8_t out[64];
	struct reply r;
	uint32_t n;

	/* a read without its offset byte is a read at 0 */
	r = admin_cmd(&a, 3, GROUP, 1, NULL, 0, 4);
	admin_is(&r, OK);
	cr_assert_eq(r.used, 12);
	/* a member cut off is member 0; a group cut off is group 0, self */
	n = admin_header(out, 3, GROUP, 1);
	r = admin_raw(&a, out, 16, 12);
	admin_is(&r, INVALID_MEMBER);
	r = admin_raw(&a, out, 17, 12);
	admin_is(&r, OK);
	r = admin_raw(&a, out, 2, 12);
	admin_is(&r, INVALID_OPCODE);
	r = admin_raw(&a, out, 0, 16);
	admin_is(&r, OK);
	cr_assert_eq(r.result[0], 0x83, "LIST_QUERY for self");
	/* four bytes are enough for LIST_QUERY */
	n = admin_header(out, 0, GROUP, 0);
	cr_assert_eq(n, 24);
	r = admin_raw(&a, out, 4, 16);
	admin_is(&r, OK);
	world_free(w);
}

Test(admin, short_answers_are_cut_and_still_executed)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	uint8_t out[64] = { 0 };
	struct reply r;
	uint32_t len;

	for (len = 0; len < 16; len++) {
		admin_header(out, 0, GROUP, 0);
		r = admin_raw(&a, out, 24, len);
		cr_assert(r.answered);
		cr_assert_eq(r.used, len);
	}
	admin_header(out, 2, GROUP, 1);
	out[24] = L_QSEL;
	out[32] = 2;
	r = admin_raw(&a, out, 34, 0);
	cr_assert(r.answered);
	cr_assert_eq(r.used, 0);
	cr_assert_eq(legacy_get(&a, 1, L_QSEL, 2), 2);
	r = admin_cmd(&a, 6, GROUP, 1, NULL, 0, 20);
	admin_is(&r, OK);
	cr_assert_eq(r.used, 28);
	world_free(w);
}

Test(admin, long_answers_are_not_touched_behind_the_result)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct reply r;

	r = admin_cmd(&a, 0, GROUP, 0, NULL, 0, 100);
	admin_is(&r, OK);
	cr_assert_eq(r.used, 16);
	cr_assert_eq(r.result[8], 0xee);
	r = admin_cmd(&a, 6, GROUP, 1, NULL, 0, 100);
	admin_is(&r, OK);
	cr_assert_eq(r.used, 72);
	cr_assert_eq(r.result[64], 0xee);
	r = admin_cmd(&a, 99, GROUP, 1, NULL, 0, 100);
	cr_assert_eq(r.used, 8);
	cr_assert_eq(r.result[0], 0xee);
	world_free(w);
}

Test(admin, reserved_bytes_and_extra_data_are_ignored)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	uint8_t out[128];
	struct reply r;

	memset(out, 0x55, sizeof(out));
	admin_header(out, 3, GROUP, 1);
	memset(out + 4, 0xaa, 12);
	out[24] = L_QSIZE;
	r = admin_raw(&a, out, sizeof(out), 10);
	admin_is(&r, OK);
	cr_assert_eq(r.result[0] | r.result[1] << 8, 256);
	world_free(w);
}

Test(admin, the_padding_of_a_write_is_ignored)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	uint8_t data[10] = { L_QSEL, 9, 9, 9, 9, 9, 9, 9, 1, 0 };
	struct reply r = admin_cmd(&a, 2, GROUP, 1, data, sizeof(data), 0);

	admin_is(&r, OK);
	cr_assert_eq(legacy_get(&a, 1, L_QSEL, 2), 1);
	world_free(w);
}

Test(admin, reserved_status_bytes_are_zero)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	uint8_t out[24];
	uint64_t in;
	struct reply r;

	admin_header(out, 0, GROUP, 0);
	in = admin_put(&a, out, sizeof(out), 16);
	ring_kick(&a.ring);
	r = admin_reply(&a, in, 16);
	admin_is(&r, OK);
	cr_assert_eq(world_get(w, in + 4, 4), 0);
	world_free(w);
}

Test(admin, commands_in_many_small_pieces)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	uint64_t at = world_alloc(w, 64, 8);
	struct buf bufs[25 + 16];
	unsigned int i;
	uint32_t id, len;

	admin_header(w->ram + at, 5, GROUP, 1);
	for (i = 0; i < 25; i++)
		bufs[i] = (struct buf) { at + i, 1, false };
	for (; i < 25 + 14; i++)
		bufs[i] = (struct buf) { at + i, 1, true };
	ring_add(&a.ring, bufs, i);
	ring_kick(&a.ring);
	cr_assert(ring_used(&a.ring, &id, &len));
	cr_assert_eq(len, 14);
	cr_assert_eq(world_get(w, at + 25, 8), 0);
	cr_assert_eq(world_get(w, at + 33, 4), 0x76005452);
	world_free(w);
}

/* Room for 4 GiB and one byte is not room for one byte. */
Test(admin, a_result_of_more_than_four_gigabytes)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	uint64_t at = world_alloc(w, 64, 8);
	struct buf b[4] = {
		{ at, 25, false },
		{ at + 32, 8, true },
		{ at + 40, UINT32_MAX, true },
		{ at + 40, 2, true },
	};
	uint32_t id, len;

	admin_header(w->ram + at, 5, GROUP, 1);
	ring_add(&a.ring, b, 4);
	ring_kick(&a.ring);
	cr_assert(ring_used(&a.ring, &id, &len));
	cr_assert_eq(len, 8);
	cr_assert_eq(world_get(w, at + 32, 4), 3 << 16 | 22);
	world_free(w);
}

Test(admin, notify_info_names_the_members_doorbell)
{
	struct nic_settings s;
	struct world *w;
	struct admin a;
	struct reply r;
	unsigned int i;

	nic_settings_init(&s);
	s.member_bar = 2;
	s.member_offset = 0x123456789a;
	w = world_new(&s, 1);
	a = admin_ready(w);
	r = admin_cmd(&a, 6, GROUP, 1, NULL, 0, 64);
	admin_is(&r, OK);
	cr_assert_eq(memcmp(r.result, "\2\2\0\0\0\0\0\0\x9a\x78\x56\x34\x12\0\0\0", 16), 0);
	for (i = 16; i < 64; i++)
		cr_assert_eq(r.result[i], 0);
	world_free(w);
}

Test(admin, the_last_notify_entry_ends_the_list)
{
	struct world *w = world_new(NULL, 2);
	struct admin a = admin_ready(w);
	struct nic_faults f;
	struct reply r;
	int list;

	for (list = 0; list < NIC_LIST_NR; list++) {
		nic_get_faults(w->nic, &f);
		f.notify_list = (enum nic_notify_list)list;
		nic_set_faults(w->nic, &f);
		r = admin_cmd(&a, 6, GROUP, 2, NULL, 0, 64);
		admin_is(&r, OK);
		cr_assert_eq(r.result[48], 0);
	}
	world_free(w);
}

Test(admin, a_notify_by_command_is_a_doorbell)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct net n = net_legacy(&a, 1, 0);
	struct buf b = { world_alloc(w, 80, 8), 80, false };
	struct nic_fn_counters c;

	ring_add(&n.tx, &b, 1);
	legacy_put(&a, 1, L_NOTIFY, NIC_Q_TX, 2);
	cr_assert_eq(ring_used_idx(&n.tx), 1);
	nic_get_fn_counters(w->nic, 1, &c);
	cr_assert_eq(c.legacy_notifies, 1);
	cr_assert_eq(legacy_get(&a, 1, L_NOTIFY, 2), 0);
	world_free(w);
}

Test(admin, a_batch_is_answered_in_order)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	uint64_t in[8];
	uint8_t out[25];
	struct reply r;
	unsigned int i;

	for (i = 0; i < 8; i++) {
		admin_header(out, i & 1 ? 77 : 0, GROUP, 0);
		in[i] = admin_put(&a, out, 24, 16);
	}
	ring_kick(&a.ring);
	for (i = 0; i < 8; i++) {
		r = admin_reply(&a, in[i], 16);
		if (i & 1)
			admin_is(&r, INVALID_OPCODE);
		else
			admin_is(&r, OK);
	}
	world_free(w);
}

Test(admin, hundreds_of_commands_wrap_the_ring)
{
	struct world *w = world_new(NULL, 2);
	struct admin a = admin_ready(w);
	unsigned int i;

	for (i = 0; i < 70000; i++) {
		legacy_put(&a, 1 + (i & 1), L_QSEL, i & 3, 2);
		cr_assert_eq(legacy_get(&a, 1 + (i & 1), L_QSEL, 2), i & 3);
	}
	world_free(w);
}

Test(admin, an_interrupt_for_an_answer)
{
	struct world *w = world_new(NULL, 1);
	struct admin a;
	struct reply r;

	nic_set_msix(w->nic, 0, true, 8);
	a = admin_start(w);
	r = admin_cmd(&a, 0, GROUP, 0, NULL, 0, 8);
	admin_is(&r, OK);
	cr_assert_eq(w->interrupts[0][4], 1);
	cr_assert_eq(nic_isr_read(w->nic, 0), 0);
	world_free(w);
}

Test(admin, nothing_is_executed_before_driver_ok)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = { .w = w };
	uint8_t out[24];
	uint64_t in;
	struct reply r;

	drv_start(w, 0, NET_MODERN | F_ADMIN_VQ);
	ring_modern(&a.ring, w, 0, nic_admin_queue(w->nic), 64);
	admin_header(out, 0, GROUP, 0);
	in = admin_put(&a, out, 24, 16);
	ring_kick(&a.ring);
	r = admin_reply(&a, in, 16);
	cr_assert_not(r.answered);
	drv_ok(w, 0);
	r = admin_reply(&a, in, 16);
	admin_is(&r, OK);
	world_free(w);
}

Test(admin, no_admin_queue_when_told_so)
{
	struct nic_settings s;
	struct world *w;

	nic_settings_init(&s);
	s.admin_vq = false;
	w = world_new(&s, 1);
	cr_assert_eq(nic_common_read(w->nic, 0, C_ADM_NUM, 2), 0);
	nic_common_write(w->nic, 0, C_Q_SELECT, 3, 2);
	cr_assert_eq(nic_common_read(w->nic, 0, C_Q_SIZE, 2), 0);
	world_free(w);
}

Test(admin, again_for_a_while_after_a_reset)
{
	struct nic_settings s;
	struct world *w;
	struct admin a;
	struct reply r;
	uint16_t op;

	nic_settings_init(&s);
	s.flr_busy_ns = 100000000;
	w = world_new(&s, 2);
	a = admin_ready(w);
	legacy_put(&a, 1, L_QSEL, 2, 2);
	nic_fn_reset(w->nic, 1);
	for (op = 2; op <= 6; op++) {
		r = member_cmd(&a, op, 1);
		admin_is(&r, TRY_AGAIN);
	}
	r = member_cmd(&a, 6, 2);
	admin_is(&r, OK);
	r = legacy_try_write(&a, 1, 2, L_QSEL, 1, 2);
	admin_is(&r, TRY_AGAIN);
	world_sleep(w, 99999999);
	r = member_cmd(&a, 6, 1);
	admin_is(&r, TRY_AGAIN);
	world_sleep(w, 1);
	r = member_cmd(&a, 6, 1);
	admin_is(&r, OK);
	cr_assert_eq(legacy_get(&a, 1, L_QSEL, 2), 0, "EAGAIN had no side effect");
	world_free(w);
}

Test(admin, counted_by_opcode_and_traced)
{
	static struct nic_trace_entry t[NIC_TRACE_LEN];
	struct world *w = world_new(NULL, 2);
	struct admin a = admin_ready(w);
	struct nic_counters c;
	unsigned int i, n;

	legacy_put(&a, 2, L_QSEL, 1, 2);
	cr_assert_eq(legacy_get(&a, 2, L_QSIZE, 2), 256);
	member_cmd(&a, 99, 1);
	nic_get_counters(w->nic, &c);
	cr_assert_eq(c.commands[1], 1);
	cr_assert_eq(c.commands[2], 1);
	cr_assert_eq(c.commands[3], 1);
	cr_assert_eq(c.other, 1);
	cr_assert_eq(c.refused, 1);
	n = nic_trace(w->nic, t, NIC_TRACE_LEN);
	cr_assert_eq(n, 4);
	cr_assert_eq(t[1].opcode, 2);
	cr_assert_eq(t[1].member, 2);
	cr_assert_eq(t[1].offset, L_QSEL);
	cr_assert_eq(t[1].len, 2);
	cr_assert_eq(t[1].value, 1);
	cr_assert_eq(t[2].opcode, 3);
	cr_assert_eq(t[2].value, 256);
	cr_assert_eq(t[3].status, 22);
	cr_assert_eq(t[3].qualifier, 2);
	for (i = 0; i < 300; i++)
		legacy_get(&a, 1, L_STATUS, 1);
	n = nic_trace(w->nic, t, NIC_TRACE_LEN);
	cr_assert_eq(n, NIC_TRACE_LEN);
	cr_assert_eq(t[0].seq, 304 - 256);
	cr_assert_eq(t[255].seq, 303);
	cr_assert_eq(nic_trace(w->nic, t, 2), 2);
	cr_assert_eq(t[1].seq, 303);
	world_free(w);
}

static uint64_t fnv(uint64_t digest, uint64_t v, unsigned int bytes)
{
	for (; bytes--; v >>= 8)
		digest = (digest ^ (uint8_t)v) * UINT64_C(0x100000001b3);
	return digest;
}

Test(admin, digest_of_all_commands)
{
	struct nic_trace_entry t;
	struct world *w = world_new(NULL, 2);
	struct admin a = admin_ready(w);
	uint64_t digest, want, n;

	n = nic_digest(w->nic, &want);
	legacy_get(&a, 2, L_QSIZE, 2);
	member_cmd(&a, 99, 1);
	cr_assert_eq(nic_digest(w->nic, &digest), n + 2);
	want = fnv(want, 3, 2);
	want = fnv(want, GROUP, 2);
	want = fnv(want, 2, 8);
	want = fnv(want, L_QSIZE, 4);
	want = fnv(want, 2, 4);
	want = fnv(want, 256, 8);
	want = fnv(want, 0, 4);
	cr_assert_neq(digest, want, "a refused command counts, too");
	cr_assert_eq(nic_trace(w->nic, &t, 1), 1);
	want = fnv(want, 99, 2);
	want = fnv(want, GROUP, 2);
	want = fnv(want, 1, 8);
	want = fnv(want, 0, 16);
	want = fnv(want, t.status, 2);
	want = fnv(want, t.qualifier, 2);
	cr_assert_eq(digest, want);
	world_free(w);
}

/* Whatever bytes come: an answer, and the device goes on. */
Test(admin, random_commands)
{
	struct world *w = world_new(NULL, 4);
	struct admin a = admin_ready(w);
	uint64_t seed = 1;
	uint8_t out[96];
	struct reply r;
	unsigned int i, k;

	for (i = 0; i < 20000; i++) {
		for (k = 0; k < sizeof(out); k++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			out[k] = (uint8_t)(seed >> 56);
		}
		if (i & 1)
			admin_header(out, out[0] % 9, GROUP, out[16] % 6);
		r = admin_raw(&a, out, out[90] % 96, out[91] % 96);
		if (!r.answered)
			a = admin_ready(w); /* an empty chain, at most */
		if (i % 64 == 0)
			a = admin_ready(w), w->brk = w->brk > 500000 ? 4096 : w->brk;
	}
	world_free(w);
}
