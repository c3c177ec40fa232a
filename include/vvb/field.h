/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The legacy virtio-pci register file as a table (virtio 1.3, 4.1.4.10); the fields of the device
 * configuration behind it are in config_layout.h. Plain C: kernel, daemon and tests share it.
 */
#ifndef VVB_FIELD_H
#define VVB_FIELD_H

#include <uapi/vvb.h>

#define VVB_COMMON_LEN_MSIX 24 /* device config starts here with MSI-X on */
#define VVB_COMMON_LEN 20 /* and here with MSI-X off: no vectors */

#define VVB_READABLE 1
#define VVB_WRITABLE 2

/**
 * struct vvb_field_info - one row of the register table
 * @name:	the spec's name, in lower case
 * @offset:	bytes from the start of BAR0
 * @width:	bytes; 0 for the device configuration, which has a table of its own
 * @access:	VVB_READABLE | VVB_WRITABLE, as the guest may use it
 */
struct vvb_field_info {
	const char *name;
	__u8 offset;
	__u8 width;
	__u8 access;
};

/*
 * The table, as a list like those of names.h: ROW(number, name, offset, width, access) for all
 * but the last, LAST(...) for that one.
 */
/* clang-format off */
#define VVB_FIELD_LIST(ROW, LAST)                                                               \
	ROW(VVB_FIELD_DEVICE_FEATURES, "device_features", 0, 4, VVB_READABLE)                   \
	ROW(VVB_FIELD_DRIVER_FEATURES, "driver_features", 4, 4, VVB_READABLE | VVB_WRITABLE)    \
	ROW(VVB_FIELD_QUEUE_ADDRESS, "queue_address", 8, 4, VVB_READABLE | VVB_WRITABLE)        \
	ROW(VVB_FIELD_QUEUE_SIZE, "queue_size", 12, 2, VVB_READABLE)                            \
	ROW(VVB_FIELD_QUEUE_SELECT, "queue_select", 14, 2, VVB_READABLE | VVB_WRITABLE)         \
	ROW(VVB_FIELD_QUEUE_NOTIFY, "queue_notify", 16, 2, VVB_READABLE | VVB_WRITABLE)         \
	ROW(VVB_FIELD_DEVICE_STATUS, "device_status", 18, 1, VVB_READABLE | VVB_WRITABLE)       \
	ROW(VVB_FIELD_ISR_STATUS, "isr_status", 19, 1, VVB_READABLE)                            \
	ROW(VVB_FIELD_CONFIG_VECTOR, "config_vector", 20, 2, VVB_READABLE | VVB_WRITABLE)       \
	ROW(VVB_FIELD_QUEUE_VECTOR, "queue_vector", 22, 2, VVB_READABLE | VVB_WRITABLE)         \
	LAST(VVB_FIELD_DEVICE_CONFIG, "device_config", 24, 0, VVB_READABLE | VVB_WRITABLE)

#define VVB_FIELD_ROW(number, ...) \
	[number] = { __VA_ARGS__ },

static const struct vvb_field_info vvb_fields[VVB_FIELD_NR] = {
	VVB_FIELD_LIST(VVB_FIELD_ROW, VVB_FIELD_ROW)
};
/* clang-format on */

static inline __u8 vvb_common_len(int msix)
{
	return msix ? VVB_COMMON_LEN_MSIX : VVB_COMMON_LEN;
}

/* vvb_fields the other way round, as each access of a guest needs it: field by BAR0 offset. */
/* clang-format off */
static const __u8 vvb_field_at[VVB_COMMON_LEN_MSIX] = {
	VVB_FIELD_DEVICE_FEATURES, VVB_FIELD_DEVICE_FEATURES,
	VVB_FIELD_DEVICE_FEATURES, VVB_FIELD_DEVICE_FEATURES,
	VVB_FIELD_DRIVER_FEATURES, VVB_FIELD_DRIVER_FEATURES,
	VVB_FIELD_DRIVER_FEATURES, VVB_FIELD_DRIVER_FEATURES,
	VVB_FIELD_QUEUE_ADDRESS, VVB_FIELD_QUEUE_ADDRESS,
	VVB_FIELD_QUEUE_ADDRESS, VVB_FIELD_QUEUE_ADDRESS,
	VVB_FIELD_QUEUE_SIZE, VVB_FIELD_QUEUE_SIZE,
	VVB_FIELD_QUEUE_SELECT, VVB_FIELD_QUEUE_SELECT,
	VVB_FIELD_QUEUE_NOTIFY, VVB_FIELD_QUEUE_NOTIFY,
	VVB_FIELD_DEVICE_STATUS,
	VVB_FIELD_ISR_STATUS,
	VVB_FIELD_CONFIG_VECTOR, VVB_FIELD_CONFIG_VECTOR,
	VVB_FIELD_QUEUE_VECTOR, VVB_FIELD_QUEUE_VECTOR,
};
/* clang-format on */

/* The common field that holds BAR0 offset @pos; @pos must be below vvb_common_len(). */
static inline enum vvb_field vvb_common_field(__u8 pos)
{
	return (enum vvb_field)vvb_field_at[pos];
}

/* One kind of access as a bit, reads in the lower half: for what policies ask, and may say. */
#define VVB_INTEREST(field, write) (1U << ((field) + ((write) ? 16 : 0)))
#define VVB_INTEREST_ALL (((1U << VVB_FIELD_NR) - 1) * 0x10001U)

/* The accesses that each verdict is legal for. DEFAULT is not a decision. */
static const __u32 vvb_verdict_accesses[VVB_VERDICT_NR] = {
	[VVB_DEFAULT] = 0,
	[VVB_NOTIFY] = VVB_INTEREST(VVB_FIELD_QUEUE_NOTIFY, 1),
	[VVB_DIRECT] = VVB_INTEREST_ALL,
	[VVB_PUNT] = VVB_INTEREST_ALL,
	[VVB_EMULATE] = VVB_INTEREST_ALL,
	[VVB_DENY] = VVB_INTEREST_ALL,
	[VVB_DEFER] = VVB_INTEREST(VVB_FIELD_QUEUE_SELECT, 1),
	[VVB_COALESCE] = VVB_INTEREST(VVB_FIELD_QUEUE_NOTIFY, 1),
	[VVB_PREFETCH] = VVB_INTEREST(VVB_FIELD_DEVICE_CONFIG, 0),
};

/* May guard or policy decide @verdict for an access that is one of @accesses? */
static inline int vvb_verdict_may(__u32 verdict, __u32 accesses)
{
	return verdict < VVB_VERDICT_NR && (vvb_verdict_accesses[verdict] & accesses);
}

static inline int vvb_verdict_legal(__u32 verdict, enum vvb_field field, int write)
{
	return vvb_verdict_may(verdict, VVB_INTEREST(field, write));
}

#endif /* VVB_FIELD_H */
