// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * VFIO_DEVICE_SET_IRQS of INTx in all ways, a line for each: intx_matrix ADDRESS
 *
 * Each flag with each, counts, starts and sizes, eventfds good and bad; while there is no interrupt,
 * INTx, or MSI-X. What came of it is the answer, whether INTx is on after that, and how often its
 * user was told. Two functions that have an INTx give the same lines.
 */
#include <linux/pci_regs.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "check_vf.h"
#include "intx.h"

#define HEADER sizeof(struct vfio_irq_set)
#define FLAGS 64 /* that are known, together; the next is not */
#define CLOSED_FD 1000

enum state {
	OFF,
	INTX,
	MSIX,
	STATES
};

/* What is behind the header. */
enum behind {
	GOOD,
	NONE,
	NONE_EITHER,
	CLOSED,
	NO_EVENTFD,
	UNMAPPED,
	BEHINDS
};

static const char *const state_names[] = { "off", "intx", "msix" };
static const char *const behind_names[] = { "eventfd", "-1",	     "-2",
					    "closed",  "no eventfd", "unmapped" };

static struct vf vf;
static int event, msix;
static char *end; /* of memory: nothing is behind it */

static int value_of(enum behind behind)
{
	switch (behind) {
	case NONE:
		return -1;
	case NONE_EITHER:
		return -2;
	case CLOSED:
		return CLOSED_FD;
	case NO_EVENTFD:
		return vf.device;
	default:
		return event;
	}
}

static int is_on(void)
{
	return intx_set(&vf, VFIO_IRQ_SET_ACTION_MASK | VFIO_IRQ_SET_DATA_BOOL, 1, 0) == 0;
}

/* From wherever the last call has led. */
static void enter(enum state state)
{
	intx_unmask_by(&vf, -1);
	intx_off(&vf);
	vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, NULL, 0);
	if (state == INTX)
		intx_on(&vf, event);
	else if (state == MSIX)
		vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, &msix, 1);
	intx_signals(event, 0);
}

static int call(const struct vfio_irq_set *set, enum behind behind)
{
	int value = value_of(behind);
	char *at = end - HEADER - (behind == UNMAPPED ? 0 : sizeof(value));

	memcpy(at, set, HEADER);
	if (behind != UNMAPPED)
		memcpy(at + HEADER, &value, sizeof(value));
	return ioctl(vf.device, VFIO_DEVICE_SET_IRQS, at) ? errno : 0;
}

static void try(enum state state, const struct vfio_irq_set *set, enum behind behind)
{
	int err = call(set, behind);

	printf("%s flags=%02x start=%u count=%u argsz=%u %s: %d %d %llu\n", state_names[state],
	       set->flags, set->start, set->count, set->argsz, behind_names[behind], err, is_on(),
	       (unsigned long long)intx_signals(event, 0));
	if (!err)
		enter(state);
}

static void try_all(enum state state)
{
	static const uint32_t starts[] = { 0, 1, ~0u };
	static const uint32_t counts[] = { 0, 1, 2, ~0u };
	static const uint32_t sizes[] = { 0, HEADER - 1, HEADER, HEADER + 1, HEADER + 4 };
	unsigned int flags, start, count, size, behind;
	struct vfio_irq_set set;

	enter(state);
	for (flags = 0; flags <= FLAGS; flags++)
		for (start = 0; start < ARRAY_SIZE(starts); start++)
			for (count = 0; count < ARRAY_SIZE(counts); count++)
				for (size = 0; size < ARRAY_SIZE(sizes); size++)
					for (behind = 0; behind < BEHINDS; behind++) {
						set = (struct vfio_irq_set) {
							.argsz = sizes[size],
							.flags = flags,
							.index = VFIO_PCI_INTX_IRQ_INDEX,
							.start = starts[start],
							.count = counts[count],
						};
						try(state, &set, (enum behind)behind);
					}
}

int main(int argc, char **argv)
{
	long page = sysconf(_SC_PAGESIZE);
	enum state state;

	if (argc < 2)
		check_die("usage: intx_matrix ADDRESS");
	end = aligned_alloc((size_t)page, (size_t)(2 * page));
	if (!end)
		check_die("no memory");
	end += page;
	if (mprotect(end, (size_t)page, PROT_NONE))
		check_die("mprotect: %s", strerror(errno));
	event = intx_event();
	msix = intx_event();
	check_vf_open(&vf, argv[1]);
	for (state = OFF; state < STATES; state++)
		try_all(state);
	vf_close(&vf);
	return 0;
}
