// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * drop_btf MODULE COPY - a copy of a kernel module whose BTF the kernel does not find
 * The section .BTF gets another name; nothing moves.
 */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *load(const char *path, size_t *size)
{
	FILE *f = fopen(path, "re");
	char *data = NULL;
	long len;

	if (!f)
		return NULL;
	len = fseek(f, 0, SEEK_END) ? -1 : ftell(f);
	rewind(f);
	if (len > 0) {
		*size = (size_t)len;
		data = malloc(*size);
		if (data && fread(data, 1, *size, f) != *size) {
			free(data);
			data = NULL;
		}
	}
	fclose(f);
	return data;
}

static int store(const char *path, const char *data, size_t size)
{
	FILE *f = fopen(path, "we");
	int bad;

	if (!f)
		return -1;
	bad = fwrite(data, 1, size, f) != size;
	return fclose(f) || bad ? -1 : 0;
}

static int rename_btf(char *elf)
{
	Elf64_Ehdr *header = (Elf64_Ehdr *)elf;
	Elf64_Shdr *section = (Elf64_Shdr *)(elf + header->e_shoff);
	char *names = elf + section[header->e_shstrndx].sh_offset;
	unsigned int i;

	for (i = 0; i < header->e_shnum; i++) {
		char *name = names + section[i].sh_name;

		if (strcmp(name, ".BTF"))
			continue;
		name[0] = '-';
		return 0;
	}
	return -1;
}

int main(int argc, char **argv)
{
	size_t size;
	char *elf = argc == 3 ? load(argv[1], &size) : NULL;

	if (!elf || rename_btf(elf) || store(argv[2], elf, size)) {
		fprintf(stderr, "drop_btf: cannot copy a module with BTF\n");
		return 1;
	}
	free(elf);
	return 0;
}
