// SPDX-License-Identifier: GPL-2.0-only
/* No policy: holds the first read of a common register after virtio_pci was called for it. */
#include "hold.h"

static u64 calls;

SEC("fentry/virtio_pci_admin_legacy_common_io_read") int BPF_PROG(hold_unsent)
{
	if (!calls++)
		hold_ms(8000);
	return 0;
}
