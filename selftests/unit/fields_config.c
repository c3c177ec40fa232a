// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The device configuration of each type, against the structs that this system's own headers have of it. */
#include <criterion/criterion.h>
#include <linux/virtio_9p.h>
#include <linux/virtio_balloon.h>
#include <linux/virtio_blk.h>
#include <linux/virtio_console.h>
#include <linux/virtio_ids.h>
#include <linux/virtio_net.h>
#include <linux/virtio_scsi.h>
#include <stddef.h>
#include <string.h>

#include <vvb/config_layout.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* One member as the header has it: where, how long, and how long each of its elements. */
struct member {
	const char *name;
	size_t at, len, element;
};

#define INT(of, member)                                                                 \
	{                                                                               \
#member, offsetof(struct of, member), sizeof(((struct of *)0)->member), \
			sizeof(((struct of *)0)->member)                                \
	}
#define BYTES(of, member)                                                                 \
	{                                                                                 \
#member, offsetof(struct of, member), sizeof(((struct of *)0)->member), 1 \
	}

static const struct member net[] = {
	BYTES(virtio_net_config, mac),
	INT(virtio_net_config, status),
	INT(virtio_net_config, max_virtqueue_pairs),
	INT(virtio_net_config, mtu),
	INT(virtio_net_config, speed),
	INT(virtio_net_config, duplex),
	INT(virtio_net_config, rss_max_key_size),
	INT(virtio_net_config, rss_max_indirection_table_length),
	INT(virtio_net_config, supported_hash_types),
};

static const struct member blk[] = {
	INT(virtio_blk_config, capacity),
	INT(virtio_blk_config, size_max),
	INT(virtio_blk_config, seg_max),
	INT(virtio_blk_config, geometry.cylinders),
	INT(virtio_blk_config, geometry.heads),
	INT(virtio_blk_config, geometry.sectors),
	INT(virtio_blk_config, blk_size),
	INT(virtio_blk_config, physical_block_exp),
	INT(virtio_blk_config, alignment_offset),
	INT(virtio_blk_config, min_io_size),
	INT(virtio_blk_config, opt_io_size),
	INT(virtio_blk_config, wce),
	INT(virtio_blk_config, unused),
	INT(virtio_blk_config, num_queues),
	INT(virtio_blk_config, max_discard_sectors),
	INT(virtio_blk_config, max_discard_seg),
	INT(virtio_blk_config, discard_sector_alignment),
	INT(virtio_blk_config, max_write_zeroes_sectors),
	INT(virtio_blk_config, max_write_zeroes_seg),
	INT(virtio_blk_config, write_zeroes_may_unmap),
	BYTES(virtio_blk_config, unused1),
};

static const struct member console[] = {
	INT(virtio_console_config, cols),
	INT(virtio_console_config, rows),
	INT(virtio_console_config, max_nr_ports),
	INT(virtio_console_config, emerg_wr),
};

static const struct member balloon[] = {
	INT(virtio_balloon_config, num_pages),
	INT(virtio_balloon_config, actual),
	INT(virtio_balloon_config, free_page_hint_cmd_id),
	INT(virtio_balloon_config, poison_val),
};

static const struct member scsi[] = {
	INT(virtio_scsi_config, num_queues),	  INT(virtio_scsi_config, seg_max),
	INT(virtio_scsi_config, max_sectors),	  INT(virtio_scsi_config, cmd_per_lun),
	INT(virtio_scsi_config, event_info_size), INT(virtio_scsi_config, sense_size),
	INT(virtio_scsi_config, cdb_size),	  INT(virtio_scsi_config, max_channel),
	INT(virtio_scsi_config, max_target),	  INT(virtio_scsi_config, max_lun),
};

static const struct member p9[] = {
	INT(virtio_9p_config, tag_len),
};

static const struct {
	const char *name;
	unsigned int id, transitional_id;
	const struct member *member;
	size_t nr;
} types[] = {
	{ "net", VIRTIO_ID_NET, VIRTIO_TRANS_ID_NET, net, COUNT(net) },
	{ "blk", VIRTIO_ID_BLOCK, VIRTIO_TRANS_ID_BLOCK, blk, COUNT(blk) },
	{ "console", VIRTIO_ID_CONSOLE, VIRTIO_TRANS_ID_CONSOLE, console, COUNT(console) },
	{ "rng", VIRTIO_ID_RNG, VIRTIO_TRANS_ID_RNG, NULL, 0 },
	{ "balloon", VIRTIO_ID_BALLOON, VIRTIO_TRANS_ID_BALLOON, balloon, COUNT(balloon) },
	{ "scsi", VIRTIO_ID_SCSI, VIRTIO_TRANS_ID_SCSI, scsi, COUNT(scsi) },
	{ "9p", VIRTIO_ID_9P, VIRTIO_TRANS_ID_9P, p9, COUNT(p9) },
};

/* Every byte of a member is in one field, which begins and ends with it, and is moved in its width. */
static void check_member(const struct vvb_config_layout *layout, const struct member *m)
{
	size_t at;

	for (at = m->at; at < m->at + m->len; at++) {
		cr_expect_eq(vvb_config_field_start(layout, (__u8)at), m->at, "%s.%s at %zu",
			     layout->name, m->name, at);
		cr_expect_eq(vvb_config_field_end(layout, (__u8)at), m->at + m->len, "%s.%s at %zu",
			     layout->name, m->name, at);
		cr_expect_eq(vvb_config_field_step(layout, (__u8)at),
			     m->element < 4 ? m->element : 4, "%s.%s at %zu", layout->name, m->name,
			     at);
	}
}

Test(fields, config_of_each_type)
{
	const struct vvb_config_layout *layout;
	size_t i, j;

	for (i = 0; i < COUNT(types); i++) {
		layout = vvb_config_layout((__u8)types[i].id);
		cr_assert_not_null(layout);
		cr_expect_str_eq(layout->name, types[i].name);
		cr_expect_eq(layout->transitional_id, types[i].transitional_id, "%s", layout->name);
		cr_expect_geq(layout->nr, types[i].nr, "%s", layout->name);
		for (j = 0; j < types[i].nr; j++)
			check_member(layout, &types[i].member[j]);
	}
	cr_expect_eq(COUNT(types), COUNT(vvb_config_layouts));
}

/* What these headers do not know is contiguous with what they know, and moved in a width that can be. */
Test(fields, config_has_no_holes)
{
	const struct vvb_config_layout *layout;
	const struct vvb_config_place *field;
	unsigned int i, j, len;

	for (i = 0; i < COUNT(vvb_config_layouts); i++) {
		layout = &vvb_config_layouts[i];
		cr_assert_lt(layout->nr, COUNT(layout->field));
		cr_expect_eq(layout->field[0].start, 0);
		for (j = 0; j < layout->nr; j++) {
			field = &layout->field[j];
			cr_assert_lt(field[0].start, field[1].start, "%s %u", layout->name, j);
			len = field[1].start - field[0].start;
			cr_expect_eq(field->start % field->step, 0, "%s %u", layout->name, j);
			cr_expect_eq(len % field->step, 0, "%s %u", layout->name, j);
			cr_expect(field->step == 1 || len == field->step || len == 8, "%s %u",
				  layout->name, j);
		}
	}
}

Test(fields, config_beyond_what_is_known_is_bytes)
{
	const struct vvb_config_layout *layout = NULL;
	unsigned int i, at;

	for (i = 0; i <= COUNT(vvb_config_layouts); i++) {
		for (at = layout ? vvb_config_layout_len(layout) : 0; at < 255; at++) {
			cr_assert_eq(vvb_config_field_end(layout, (__u8)at), at + 1);
			cr_assert_eq(vvb_config_field_start(layout, (__u8)at), at);
			cr_assert_eq(vvb_config_field_step(layout, (__u8)at), 1);
		}
		layout = i < COUNT(vvb_config_layouts) ? &vvb_config_layouts[i] : NULL;
	}
}

Test(fields, types_without_a_legacy_form)
{
	unsigned int id, i, known;

	for (id = 0; id < 256; id++) {
		for (i = known = 0; i < COUNT(types); i++)
			known |= types[i].id == id;
		cr_expect_eq(vvb_config_layout((__u8)id) != NULL, known, "%u", id);
	}
}
