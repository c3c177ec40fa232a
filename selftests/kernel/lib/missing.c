// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "missing.h"

static uint8_t *page_of(const struct missing *m)
{
	return m->pages + (m->part == MISSING_SECOND ? MISSING_PAGE : 0);
}

int missing_begin(struct missing *m, enum missing_part part, const void *arg, size_t len,
		  size_t split)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	const int prot = PROT_READ | PROT_WRITE;
	const uint8_t *rest = (const uint8_t *)arg + split;

	m->part = part;
	/* cppcheck-suppress invalidFunctionArg ; anonymous memory has no file */
	m->pages = mmap(NULL, 2 * MISSING_PAGE, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (m->pages == MAP_FAILED)
		return -errno;
	m->uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK); /* or poll() fails */
	reg.range.start = (uintptr_t)page_of(m);
	reg.range.len = MISSING_PAGE;
	if (m->uffd < 0 || ioctl(m->uffd, UFFDIO_API, &api) ||
	    ioctl(m->uffd, UFFDIO_REGISTER, &reg))
		return -errno;
	m->at = m->pages + MISSING_PAGE - split;
	memset(m->content, 0, sizeof(m->content));
	if (part == MISSING_SECOND) {
		memcpy(m->at, arg, split);
		memcpy(m->content, rest, len - split);
	} else {
		memcpy(m->content + MISSING_PAGE - split, arg, split);
		memcpy(m->pages + MISSING_PAGE, rest, len - split);
	}
	return 0;
}

int missing_reached(const struct missing *m, int ms)
{
	struct pollfd p = { .fd = m->uffd, .events = POLLIN };

	return poll(&p, 1, ms) == 1 && p.revents == POLLIN;
}

int missing_end(const struct missing *m)
{
	struct uffdio_copy copy = {
		.dst = (uintptr_t)page_of(m),
		.src = (uintptr_t)m->content,
		.len = MISSING_PAGE,
	};

	return ioctl(m->uffd, UFFDIO_COPY, &copy) ? -errno : 0;
}

void missing_free(struct missing *m)
{
	close(m->uffd);
	munmap(m->pages, 2 * MISSING_PAGE);
}
