/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The device configuration of each type of device that has a legacy form (virtio 1.3, 5 and 4.1.2.1):
 * which fields there are, and which of them are integers. Plain C: kernel, daemon and tests share it.
 */
#ifndef VVB_CONFIG_LAYOUT_H
#define VVB_CONFIG_LAYOUT_H

#include <linux/types.h>

/* Device types, by virtio's numbers (virtio 1.3, 5). */
enum vvb_device_type {
	VVB_DEVICE_NONE = 0,
	VVB_DEVICE_NET = 1,
	VVB_DEVICE_BLK = 2,
	VVB_DEVICE_CONSOLE = 3,
	VVB_DEVICE_RNG = 4,
	VVB_DEVICE_BALLOON = 5,
	VVB_DEVICE_SCSI = 8,
	VVB_DEVICE_9P = 9,
};

#define VVB_DEVICE_TYPES_MAX 9

/*
 * The fields of each type in ascending order: FIELD(name, offset, step), and where the last one ends.
 * Step is what a driver moves at once: the whole of an integer, a le64 as two halves (virtio 1.3, 4.1.3.1),
 * one byte of an array.
 */
/* clang-format off */
#define VVB_CONFIG_NET(FIELD)                                                                   \
	FIELD("mac", 0, 1)                                                                      \
	FIELD("status", 6, 2)                                                                   \
	FIELD("max_virtqueue_pairs", 8, 2)                                                      \
	FIELD("mtu", 10, 2)                                                                     \
	FIELD("speed", 12, 4)                                                                   \
	FIELD("duplex", 16, 1)                                                                  \
	FIELD("rss_max_key_size", 17, 1)                                                        \
	FIELD("rss_max_indirection_table_length", 18, 2)                                        \
	FIELD("supported_hash_types", 20, 4)
#define VVB_CONFIG_NET_END 24

#define VVB_CONFIG_BLK(FIELD)                                                                   \
	FIELD("capacity", 0, 4)                                                                 \
	FIELD("size_max", 8, 4)                                                                 \
	FIELD("seg_max", 12, 4)                                                                 \
	FIELD("cylinders", 16, 2)                                                               \
	FIELD("heads", 18, 1)                                                                   \
	FIELD("sectors", 19, 1)                                                                 \
	FIELD("blk_size", 20, 4)                                                                \
	FIELD("physical_block_exp", 24, 1)                                                      \
	FIELD("alignment_offset", 25, 1)                                                        \
	FIELD("min_io_size", 26, 2)                                                             \
	FIELD("opt_io_size", 28, 4)                                                             \
	FIELD("writeback", 32, 1)                                                               \
	FIELD("unused0", 33, 1)                                                                 \
	FIELD("num_queues", 34, 2)                                                              \
	FIELD("max_discard_sectors", 36, 4)                                                     \
	FIELD("max_discard_seg", 40, 4)                                                         \
	FIELD("discard_sector_alignment", 44, 4)                                                \
	FIELD("max_write_zeroes_sectors", 48, 4)                                                \
	FIELD("max_write_zeroes_seg", 52, 4)                                                    \
	FIELD("write_zeroes_may_unmap", 56, 1)                                                  \
	FIELD("unused1", 57, 1)                                                                 \
	FIELD("max_secure_erase_sectors", 60, 4)                                                \
	FIELD("max_secure_erase_seg", 64, 4)                                                    \
	FIELD("secure_erase_sector_alignment", 68, 4)                                           \
	FIELD("zone_sectors", 72, 4)                                                            \
	FIELD("max_open_zones", 76, 4)                                                          \
	FIELD("max_active_zones", 80, 4)                                                        \
	FIELD("max_append_sectors", 84, 4)                                                      \
	FIELD("write_granularity", 88, 4)                                                       \
	FIELD("model", 92, 1)                                                                   \
	FIELD("unused2", 93, 1)
#define VVB_CONFIG_BLK_END 96

#define VVB_CONFIG_CONSOLE(FIELD)                                                               \
	FIELD("cols", 0, 2)                                                                     \
	FIELD("rows", 2, 2)                                                                     \
	FIELD("max_nr_ports", 4, 4)                                                             \
	FIELD("emerg_wr", 8, 4)
#define VVB_CONFIG_CONSOLE_END 12

#define VVB_CONFIG_RNG(FIELD)
#define VVB_CONFIG_RNG_END 0

#define VVB_CONFIG_BALLOON(FIELD)                                                               \
	FIELD("num_pages", 0, 4)                                                                \
	FIELD("actual", 4, 4)                                                                   \
	FIELD("free_page_hint_cmd_id", 8, 4)                                                    \
	FIELD("poison_val", 12, 4)
#define VVB_CONFIG_BALLOON_END 16

#define VVB_CONFIG_SCSI(FIELD)                                                                  \
	FIELD("num_queues", 0, 4)                                                               \
	FIELD("seg_max", 4, 4)                                                                  \
	FIELD("max_sectors", 8, 4)                                                              \
	FIELD("cmd_per_lun", 12, 4)                                                             \
	FIELD("event_info_size", 16, 4)                                                         \
	FIELD("sense_size", 20, 4)                                                              \
	FIELD("cdb_size", 24, 4)                                                                \
	FIELD("max_channel", 28, 2)                                                             \
	FIELD("max_target", 30, 2)                                                              \
	FIELD("max_lun", 32, 4)
#define VVB_CONFIG_SCSI_END 36

/* How long the tag is, tag_len says; QEMU's are of 31 bytes at most. */
#define VVB_CONFIG_9P(FIELD)                                                                    \
	FIELD("tag_len", 0, 2)                                                                  \
	FIELD("tag", 2, 1)
#define VVB_CONFIG_9P_END 34

/* TYPE(name, number, PCI device ID of one with a legacy interface, its fields) */
#define VVB_DEVICE_TYPES(TYPE)                                                                  \
	TYPE("net", NET, 0x1000)                                                                \
	TYPE("blk", BLK, 0x1001)                                                                \
	TYPE("console", CONSOLE, 0x1003)                                                        \
	TYPE("rng", RNG, 0x1005)                                                                \
	TYPE("balloon", BALLOON, 0x1002)                                                        \
	TYPE("scsi", SCSI, 0x1004)                                                              \
	TYPE("9p", 9P, 0x1009)
/* clang-format on */

#define VVB_CONFIG_FIELDS 32 /* at most */

/**
 * struct vvb_config_place - a field of the device configuration
 * @start:	its offset in bytes
 * @step:	bytes that a driver moves at once
 */
struct vvb_config_place {
	__u8 start;
	__u8 step;
};

/**
 * struct vvb_config_layout - a device type, and where the fields of its configuration are
 * @name:	of the type
 * @device_type: virtio's number
 * @nr:		number of fields, 0 for a type that has no configuration
 * @transitional_id: PCI device ID of one with a legacy interface (virtio 1.3, 4.1.2.1)
 * @field:	@nr of them, the first at 0, and one more, which begins where the last one ends
 *
 * A command must stay within one field; beyond the last known field each byte counts
 * as a field of its own, which is always within one.
 */
struct vvb_config_layout {
	const char *name;
	__u8 device_type;
	__u8 nr;
	__u16 transitional_id;
	struct vvb_config_place field[VVB_CONFIG_FIELDS];
};

/* clang-format off */
#define VVB_CONFIG_PLACE(name, start, step) \
	{ start, step },
#define VVB_CONFIG_COUNT(name, start, step) \
	+1
#define VVB_CONFIG_LAYOUT(type_name, TYPE, transitional)                                        \
	{ type_name, VVB_DEVICE_##TYPE, 0 VVB_CONFIG_##TYPE(VVB_CONFIG_COUNT), transitional,    \
	  { VVB_CONFIG_##TYPE(VVB_CONFIG_PLACE) { VVB_CONFIG_##TYPE##_END, 0 } } },

static const struct vvb_config_layout vvb_config_layouts[] = {
	VVB_DEVICE_TYPES(VVB_CONFIG_LAYOUT)
};
/* clang-format on */

/* The layout for a virtio device type, NULL when the table has none. */
static inline const struct vvb_config_layout *vvb_config_layout(__u8 device_type)
{
	unsigned int i;

	for (i = 0; i < sizeof(vvb_config_layouts) / sizeof(vvb_config_layouts[0]); i++)
		if (vvb_config_layouts[i].device_type == device_type)
			return &vvb_config_layouts[i];
	return (const struct vvb_config_layout *)0;
}

/* Bytes of the fields that are known. */
static inline __u8 vvb_config_layout_len(const struct vvb_config_layout *layout)
{
	return layout->field[layout->nr].start;
}

/* The field that holds @offset; NULL: it is beyond those that are known. */
static inline const struct vvb_config_place *
vvb_config_place(const struct vvb_config_layout *layout, __u8 offset)
{
	unsigned int i;

	for (i = 1; layout && i <= layout->nr; i++)
		if (offset < layout->field[i].start)
			return &layout->field[i - 1];
	return (const struct vvb_config_place *)0;
}

/* First offset behind the field that holds @offset. */
static inline __u8 vvb_config_field_end(const struct vvb_config_layout *layout, __u8 offset)
{
	const struct vvb_config_place *field = vvb_config_place(layout, offset);

	return field ? field[1].start : offset + 1;
}

/* First offset of the field that holds @offset. */
static inline __u8 vvb_config_field_start(const struct vvb_config_layout *layout, __u8 offset)
{
	const struct vvb_config_place *field = vvb_config_place(layout, offset);

	return field ? field->start : offset;
}

/* Bytes that a driver moves at once in the field that holds @offset. */
static inline __u8 vvb_config_field_step(const struct vvb_config_layout *layout, __u8 offset)
{
	const struct vvb_config_place *field = vvb_config_place(layout, offset);

	return field ? field->step : 1;
}

#endif /* VVB_CONFIG_LAYOUT_H */
