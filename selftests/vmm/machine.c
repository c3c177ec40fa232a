// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "machine.h"

#define BOOTED 0x2badb002u /* in EAX (Multiboot 0.6.96, 3.2) */
#define HAS_CMDLINE (1u << 2)
#define LINE_MAX_BYTES 256

/* What EBX points to, and the line behind it (Multiboot 0.6.96, 3.3). */
struct information {
	uint32_t flags, mem_lower, mem_upper, boot_device, cmdline;
	char line[LINE_MAX_BYTES];
};

static int give_memory(const struct machine *m)
{
	const struct kvm_userspace_memory_region region = {
		.guest_phys_addr = m->at,
		.memory_size = m->size,
		.userspace_addr = (uintptr_t)m->memory,
	};

	return ioctl(m->vm, KVM_SET_USER_MEMORY_REGION, &region) ? -errno : 0;
}

static int make_vcpu(struct machine *m, int kvm)
{
	int size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);

	m->vcpu = ioctl(m->vm, KVM_CREATE_VCPU, 0);
	if (size < 0 || m->vcpu < 0)
		return -errno;
	m->run = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, m->vcpu, 0);
	m->run_size = (size_t)size;
	return m->run == MAP_FAILED ? -errno : 0;
}

int machine_open(struct machine *m, uint8_t *memory, uint64_t at, size_t size)
{
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC), err;

	*m = (struct machine) {
		.vm = -1, .vcpu = -1, .run = MAP_FAILED, .memory = memory, .at = at, .size = size
	};
	if (kvm < 0)
		return -errno;
	m->vm = ioctl(kvm, KVM_CREATE_VM, 0);
	err = m->vm < 0 ? -errno : give_memory(m);
	if (!err)
		err = make_vcpu(m, kvm);
	close(kvm);
	return err;
}

void machine_close(struct machine *m)
{
	if (m->run != MAP_FAILED)
		munmap(m->run, m->run_size);
	if (m->vcpu >= 0)
		close(m->vcpu);
	if (m->vm >= 0)
		close(m->vm);
}

/* ---- boot ---- */

static int holds(const struct machine *m, uint64_t at, uint64_t size)
{
	return at >= m->at && size <= m->size && at - m->at <= m->size - size;
}

static int load(struct machine *m, const uint8_t *image, size_t size)
{
	const Elf32_Ehdr *elf = (const Elf32_Ehdr *)image;
	const Elf32_Phdr *p;

	if (size < sizeof(*elf) || memcmp(elf->e_ident, ELFMAG, SELFMAG) ||
	    elf->e_ident[EI_CLASS] != ELFCLASS32 || elf->e_phoff > size ||
	    elf->e_phnum > (size - elf->e_phoff) / sizeof(*p))
		return -ENOEXEC;
	p = (const Elf32_Phdr *)(image + elf->e_phoff);
	for (unsigned int i = 0; i < elf->e_phnum; i++) {
		if (p[i].p_type != PT_LOAD)
			continue;
		if (p[i].p_offset > size || p[i].p_filesz > size - p[i].p_offset ||
		    p[i].p_filesz > p[i].p_memsz)
			return -ENOEXEC;
		if (!holds(m, p[i].p_paddr, p[i].p_memsz))
			return -ENOMEM;
		memset(m->memory + (p[i].p_paddr - m->at), 0, p[i].p_memsz);
		memcpy(m->memory + (p[i].p_paddr - m->at), image + p[i].p_offset, p[i].p_filesz);
	}
	return holds(m, elf->e_entry, 1) ? (int)elf->e_entry : -ENOEXEC;
}

/* Return: where the kernel begins, or a negative errno. */
static int load_file(struct machine *m, const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC), entry = -EIO;
	struct stat st;
	uint8_t *image;

	if (fd < 0)
		return -errno;
	image = fstat(fd, &st) ? MAP_FAILED :
				 mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (image != MAP_FAILED) {
		entry = load(m, image, (size_t)st.st_size);
		munmap(image, (size_t)st.st_size);
	}
	close(fd);
	return entry;
}

/* At the end of the memory. Return: its guest-physical address. */
static uint64_t put_information(struct machine *m, const char *line)
{
	uint64_t at = m->at + m->size - sizeof(struct information);
	struct information info = {
		.flags = HAS_CMDLINE,
		.cmdline = (uint32_t)(at + offsetof(struct information, line)),
	};

	strcpy(info.line, line);
	memcpy(m->memory + (at - m->at), &info, sizeof(info));
	return at;
}

/* 32 bits, flat segments, no paging (Multiboot 0.6.96, 3.2). */
static int set_mode(const struct machine *m)
{
	const struct kvm_segment data = { .limit = 0xffffffff,
					  .selector = 16,
					  .type = 3,
					  .present = 1,
					  .db = 1,
					  .s = 1,
					  .g = 1 };
	struct kvm_segment code = data;
	struct kvm_sregs s;

	if (ioctl(m->vcpu, KVM_GET_SREGS, &s))
		return -errno;
	code.type = 11;
	code.selector = 8;
	s.cs = code;
	s.ds = s.es = s.fs = s.gs = s.ss = data;
	s.cr0 |= 1;
	return ioctl(m->vcpu, KVM_SET_SREGS, &s) ? -errno : 0;
}

int machine_boot(struct machine *m, const char *file, const char *line)
{
	struct kvm_regs regs = { .rax = BOOTED, .rflags = 2 };
	int entry, err;

	if (strlen(line) >= LINE_MAX_BYTES || m->size < sizeof(struct information))
		return -ENOMEM;
	entry = load_file(m, file);
	if (entry < 0)
		return entry;
	err = set_mode(m);
	if (err)
		return err;
	regs.rip = (uint32_t)entry;
	regs.rbx = put_information(m, line);
	return ioctl(m->vcpu, KVM_SET_REGS, &regs) ? -errno : 0;
}

/* ---- run ---- */

int machine_run(struct machine *m)
{
	while (ioctl(m->vcpu, KVM_RUN, 0))
		if (errno != EINTR)
			return -errno;
	return 0;
}

int machine_port_signals(struct machine *m, uint16_t port, unsigned int width, uint64_t value,
			 int fd, int on)
{
	const struct kvm_ioeventfd ev = {
		.datamatch = value,
		.addr = port,
		.len = width,
		.fd = fd,
		.flags = KVM_IOEVENTFD_FLAG_PIO | KVM_IOEVENTFD_FLAG_DATAMATCH |
			 (on ? 0 : KVM_IOEVENTFD_FLAG_DEASSIGN),
	};

	return ioctl(m->vm, KVM_IOEVENTFD, &ev) ? -errno : 0;
}
