/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What is given out has the size that the caller knows, which may be that of an older header or
 * of a newer one: members behind ours are zero, members behind the caller's are left out.
 */
#ifndef LIBVVB_COPY_STRUCT_H
#define LIBVVB_COPY_STRUCT_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* One struct: @to of @size bytes, @from of @own. */
static inline void vvb_copy_struct(void *to, size_t size, const void *from, size_t own)
{
	size_t common = size < own ? size : own;

	if (!to)
		return;
	memcpy(to, from, common);
	memset((char *)to + common, 0, size - common);
}

/* An array of @nr of them, all to be given to free(); @from is freed. Return: @nr, -errno. */
static inline int vvb_copy_struct_array(void **to, size_t size, void *from, size_t own, int nr)
{
	int ret = size ? nr : -EINVAL;
	char *array = size && nr ? calloc(nr, size) : NULL;

	if (size && nr && !array)
		ret = -ENOMEM;
	for (int i = 0; array && i < nr; i++)
		vvb_copy_struct(array + i * size, size, (char *)from + i * own, own);
	free(from);
	*to = array;
	return ret;
}

#endif /* LIBVVB_COPY_STRUCT_H */
