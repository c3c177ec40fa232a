/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Where the registers of a function's modern interface are: what the vendor capabilities in its config
 * space say (virtio 1.3, 4.1.4), of which nothing is taken on faith. Plain C: kernel, tests and
 * fuzzers share it.
 */
#ifndef VVB_MODERN_PLACES_H
#define VVB_MODERN_PLACES_H

#include <vvb/split.h>

#define VVB_MODERN_BARS 6
#define VVB_MODERN_CONFIG_LEN 256 /* bytes of config space that can have capabilities */
#define VVB_MODERN_CAP_LEN 16 /* of a capability; that of doorbells has a multiplier behind it */
#define VVB_MODERN_COMMON_MIN 56 /* up to queue_device; what comes behind is of later versions */

/* The groups of registers; the capability of each has its number plus 1 as cfg_type. */
enum vvb_modern_area {
	VVB_MODERN_COMMON,
	VVB_MODERN_NOTIFY,
	VVB_MODERN_ISR,
	VVB_MODERN_DEVICE,
	VVB_MODERN_AREAS
};

/**
 * struct vvb_modern_place - of an area
 * @bar:	a memory BAR
 * @offset, @len: within it; len 0: there is none
 */
struct vvb_modern_place {
	__u8 bar;
	__u32 offset;
	__u32 len;
};

/**
 * struct vvb_modern_places - of a function
 * @area:	all but the device configuration are there, which some device types have not got
 * @multiplier:	notify_off_multiplier: bytes between the doorbells of queues
 */
struct vvb_modern_places {
	struct vvb_modern_place area[VVB_MODERN_AREAS];
	__u32 multiplier;
};

/**
 * struct vvb_modern_rule - of an area
 * @missing:	what a function lacks without it
 * @min:	bytes that it has at least
 * @align:	of its offset, in bytes
 * @optional:	a function may be without
 */
struct vvb_modern_rule {
	const char *missing;
	__u8 min;
	__u8 align;
	__u8 optional;
};

static const struct vvb_modern_rule vvb_modern_rules[VVB_MODERN_AREAS] = {
	[VVB_MODERN_COMMON] = { "it has no common configuration within its BARs",
				VVB_MODERN_COMMON_MIN, 4, 0 },
	[VVB_MODERN_NOTIFY] = { "it has no doorbells within its BARs", 2, 2, 0 },
	[VVB_MODERN_ISR] = { "it has no ISR byte within its BARs", 1, 1, 0 },
	[VVB_MODERN_DEVICE] = { "it has no device configuration within its BARs", 1, 4, 1 },
};

/* One capability of @len bytes. The first of an area that can be right is the one. */
static inline void vvb_modern_place_take(const __u8 *cap, __u8 len,
					 const __u64 bar_len[VVB_MODERN_BARS],
					 struct vvb_modern_places *places)
{
	__u64 offset, size;
	__u8 area, bar;

	if (len < VVB_MODERN_CAP_LEN)
		return;
	area = cap[3] - 1;
	bar = cap[4];
	if (area >= VVB_MODERN_AREAS || bar >= VVB_MODERN_BARS || places->area[area].len ||
	    (area == VVB_MODERN_NOTIFY && len < VVB_MODERN_CAP_LEN + 4))
		return;
	offset = vvb_get_le(cap + 8, 4);
	size = vvb_get_le(cap + 12, 4);
	if (size < vvb_modern_rules[area].min || offset % vvb_modern_rules[area].align ||
	    offset + size > bar_len[bar])
		return;
	places->area[area].bar = bar;
	places->area[area].offset = (__u32)offset;
	places->area[area].len = (__u32)size;
	if (area == VVB_MODERN_NOTIFY)
		places->multiplier = (__u32)vvb_get_le(cap + 16, 4);
}

/**
 * vvb_modern_find - where is a function's modern interface?
 * @config:	its config space
 * @bar_len:	of its memory BARs, 0 for what is none
 * @places:	filled in
 *
 * A capability that is cut off, or points out of its BAR or into one that is not memory, is as if it
 * were not there; a list that goes round ends.
 * Return: NULL, or what is missing, in words.
 */
static inline const char *vvb_modern_find(const __u8 config[VVB_MODERN_CONFIG_LEN],
					  const __u64 bar_len[VVB_MODERN_BARS],
					  struct vvb_modern_places *places)
{
	static const struct vvb_modern_places none = { { { 0, 0, 0 } }, 0 };
	unsigned int at = config[0x06] & 0x10 ? config[0x34] & ~3u : 0, left = 48, area;

	*places = none;
	for (; at >= 0x40 && left; left--, at = config[at + 1] & ~3u)
		if (config[at] == 0x09 && config[at + 2] <= VVB_MODERN_CONFIG_LEN - at)
			vvb_modern_place_take(config + at, config[at + 2], bar_len, places);
	for (area = 0; area < VVB_MODERN_AREAS; area++)
		if (!places->area[area].len && !vvb_modern_rules[area].optional)
			return vvb_modern_rules[area].missing;
	return (const char *)0;
}

#endif /* VVB_MODERN_PLACES_H */
