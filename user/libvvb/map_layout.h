/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef LIBVVB_MAP_LAYOUT_H
#define LIBVVB_MAP_LAYOUT_H

#include <stdbool.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

/**
 * vvb_map_layout_same - may a new object go on with the map of an old one?
 * @map:	the new object's, not created yet
 * @btf:	the new object's types
 * @fd:		the old one
 *
 * Return: do kind, sizes, and keys and values down to the names of their members agree?
 */
bool vvb_map_layout_same(const struct bpf_map *map, const struct btf *btf, int fd);

#endif /* LIBVVB_MAP_LAYOUT_H */
