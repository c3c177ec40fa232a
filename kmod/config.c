// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config space as the guest sees it: vfio-pci's, with the identity of a transitional
 * device laid over it (virtio 1.3, 4.1.2), and with every way to the modern interface
 * taken out of it when the VF is sealed. In the kernel, as what the user could write past it would
 * make a policy no boundary.
 */
#include <linux/pci.h>
#include <linux/uaccess.h>
#include <linux/virtio_ids.h>
#include <linux/virtio_pci.h>

#include "config.h"
#include "intx.h"
#include "notify.h"
#include "owner_self.h"
#include "power.h"
#include "stats.h"
#include "user.h"
#include "vf.h"

/*
 * Length of the device configuration, from the VF's VIRTIO_PCI_CAP_DEVICE_CFG capability
 * (virtio 1.3, 4.1.4.3); 0 without one. An I/O BAR has 256 bytes at most: what does not go in there, as
 * the page that QEMU's devices tell of, is cut to the fields that are known.
 */
u8 vvb_config_len(struct pci_dev *pdev, const struct vvb_config_layout *layout)
{
	u8 pos, type, ttl = 48;
	u32 len;

	for (pos = pci_find_capability(pdev, PCI_CAP_ID_VNDR); pos && ttl--;
	     pos = pci_find_next_capability(pdev, pos, PCI_CAP_ID_VNDR)) {
		pci_read_config_byte(pdev, pos + offsetof(struct virtio_pci_cap, cfg_type), &type);
		if (type != VIRTIO_PCI_CAP_DEVICE_CFG)
			continue;
		pci_read_config_dword(pdev, pos + offsetof(struct virtio_pci_cap, length), &len);
		if (len <= 256 - VVB_COMMON_LEN_MSIX)
			return len;
		return layout ? vvb_config_layout_len(layout) : 0;
	}
	return 0;
}

/*
 * Does this virtio capability point into a BAR? That of VIRTIO_PCI_CAP_PCI_CFG is the guest's to
 * write, and means nothing.
 */
static bool vvb_cap_in_bar(struct pci_dev *pdev, u8 pos, u8 wanted)
{
	u8 type, bar;

	pci_read_config_byte(pdev, pos + offsetof(struct virtio_pci_cap, cfg_type), &type);
	pci_read_config_byte(pdev, pos + offsetof(struct virtio_pci_cap, bar), &bar);
	return type != VIRTIO_PCI_CAP_PCI_CFG && bar == wanted;
}

/* Does the BAR with the MSI-X table, the one that stays open, hold virtio registers, too? */
bool vvb_config_beside_msix(struct pci_dev *pdev)
{
	u32 table;
	u8 pos, ttl = 48;

	if (!pdev->msix_cap)
		return false;
	pci_read_config_dword(pdev, pdev->msix_cap + PCI_MSIX_TABLE, &table);
	for (pos = pci_find_capability(pdev, PCI_CAP_ID_VNDR); pos && ttl--;
	     pos = pci_find_next_capability(pdev, pos, PCI_CAP_ID_VNDR))
		if (vvb_cap_in_bar(pdev, pos, table & PCI_MSIX_TABLE_BIR))
			return true;
	return false;
}

static void vvb_hide_bars(struct vvb_vf *vf)
{
	unsigned int bar;

	for (bar = 1; bar < PCI_STD_NUM_BARS; bar++) {
		if (bar == vf->core.msix_bar)
			continue;
		/* the upper half of a 64-bit MSI-X BAR belongs to it */
		if (bar == vf->core.msix_bar + 1 && vf->core.msix_bar < PCI_STD_NUM_BARS &&
		    pci_resource_flags(vf->core.pdev, vf->core.msix_bar) & IORESOURCE_MEM_64)
			continue;
		bitmap_set(vf->config.hidden, PCI_BASE_ADDRESS_0 + 4 * bar, 4);
	}
}

/*
 * Unlink the vendor capabilities from the list that vfio-pci virtualises, and hide their
 * bytes: VIRTIO_PCI_CAP_PCI_CFG would be a window into the BARs.
 */
static int vvb_hide_capabilities(struct vvb_vf *vf)
{
	u8 *config = vf->core.vconfig;
	u8 *link = &config[PCI_CAPABILITY_LIST];
	unsigned int ttl = 48;
	u8 pos, len;

	while ((pos = *link & ~3) && ttl--) {
		if (pos < PCI_STD_HEADER_SIZEOF)
			return -EIO;
		if (config[pos] != PCI_CAP_ID_VNDR) {
			link = &config[pos + PCI_CAP_LIST_NEXT];
			continue;
		}
		pci_read_config_byte(vf->core.pdev, pos + PCI_CAP_FLAGS, &len);
		if (len < 4 || len > PCI_CFG_SPACE_SIZE - pos)
			return -EIO;
		*link = config[pos + PCI_CAP_LIST_NEXT];
		bitmap_set(vf->config.hidden, pos, len);
	}
	return pos ? -EIO : 0;
}

static void vvb_mark_reset(struct vvb_vf *vf, unsigned int cap, unsigned int at)
{
	if (cap && cap + at < PCI_CFG_SPACE_SIZE)
		set_bit(cap + at, vf->config.resets);
}

/*
 * Bytes with a bit that makes vfio-pci reset the VF: Initiate Function Level Reset, in either
 * capability that can have it, and the power state, when the way from D3hot to D0 is a reset.
 */
static void vvb_find_resets(struct vvb_vf *vf)
{
	struct pci_dev *pdev = vf->core.pdev;

	bitmap_zero(vf->config.resets, PCI_CFG_SPACE_SIZE);
	vvb_mark_reset(vf, pdev->pcie_cap, PCI_EXP_DEVCTL + 1);
	vvb_mark_reset(vf, pci_find_capability(pdev, PCI_CAP_ID_AF), PCI_AF_CTRL);
	if (vf->core.needs_pm_restore)
		vvb_mark_reset(vf, pdev->pm_cap, PCI_PM_CTRL);
}

/**
 * vvb_config_open - prepare config space for a new user
 * @vf:		enabled with vfio_pci_core_enable(), not yet visible to its user
 *
 * Return: 0, or when the VF was to be sealed: -EIO, the capability list is broken; -EOPNOTSUPP,
 * the modern interface lies in the BAR with the MSI-X table.
 */
int vvb_config_open(struct vvb_vf *vf)
{
	bitmap_zero(vf->config.hidden, PCI_CFG_SPACE_SIZE);
	vf->config.bar0 = 0;
	vvb_find_resets(vf);
	if (!vf->state.sealed)
		return 0;
	WRITE_ONCE(vf->beside_msix, vvb_config_beside_msix(vf->core.pdev));
	if (vf->beside_msix) {
		dev_warn_ratelimited(&vf->core.pdev->dev,
				     "legacy=only: virtio registers share a BAR with MSI-X\n");
		return -EOPNOTSUPP;
	}
	vvb_hide_bars(vf);
	return vvb_hide_capabilities(vf);
}

/* Is @at one of @count bytes from @pos on? */
static bool vvb_covers(loff_t pos, size_t count, loff_t at)
{
	return pos <= at && at < pos + count;
}

/* MSI-X is off to a user who has not set it up, though we have. */
static u32 vvb_config_msix(struct vvb_vf *vf, loff_t at)
{
	if (at != vf->core.pdev->msix_cap || !READ_ONCE(vf->vectors.nr))
		return 0;
	return (PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL) << 16;
}

/*
 * What of the four bytes from @at on is ours, not the device's? Return: its mask; those of the
 * others are zero in @bytes.
 */
static u32 vvb_config_own(struct vvb_vf *vf, loff_t at, u32 *bytes)
{
	u32 type = vf->core.pdev->device - VVB_MODERN_ID_BASE, mask;

	switch (at) {
	case PCI_VENDOR_ID:
		*bytes = (u32)vf->layout->transitional_id << 16;
		return 0xffff0000;
	case PCI_COMMAND:
		/* a VF has no I/O space, whatever its own bit says */
		*bytes = READ_ONCE(vf->state.io_enabled) ? PCI_COMMAND_IO : 0;
		mask = PCI_COMMAND_IO;
		/* what decodes all the time does not to its user, see below */
		if (vf->decodes) {
			*bytes |= vf->core.vconfig[PCI_COMMAND] & PCI_COMMAND_MEMORY;
			mask |= PCI_COMMAND_MEMORY;
		}
		if (vf->own_line)
			return mask;
		/* nor has it an interrupt line */
		if (vvb_intx_pending(vf))
			*bytes |= PCI_STATUS_INTERRUPT << 16;
		return mask | PCI_STATUS_INTERRUPT << 16;
	case PCI_CLASS_REVISION:
		*bytes = 0; /* the revision */
		return 0xff;
	case PCI_BASE_ADDRESS_0:
		*bytes = (vf->config.bar0 & -(u32)vf->bar0_size) | PCI_BASE_ADDRESS_SPACE_IO;
		return ~0;
	case PCI_SUBSYSTEM_VENDOR_ID:
		*bytes = type << 16 | PCI_VENDOR_ID_REDHAT_QUMRANET;
		return ~0;
	case PCI_INTERRUPT_LINE:
		*bytes = vf->state.intx << 8; /* the pin: A, or none */
		return vf->own_line ? 0 : 0xff00;
	default:
		*bytes = 0;
		return vvb_config_msix(vf, at);
	}
}

/*
 * Lay what is ours over what vfio-pci has just written to @buf, of @count bytes within four. Where
 * a byte is ours in part it is read back; a user who changes it meanwhile deceives itself.
 */
static int vvb_config_overlay(struct vvb_vf *vf, char __user *buf, size_t count, loff_t pos)
{
	unsigned int shift = 8 * (pos & 3);
	u32 all = vvb_all_ones(count), bytes, mask;
	__le32 data = 0;

	mask = vvb_config_own(vf, pos & ~3, &bytes) >> shift & all;
	if (likely(!mask))
		return 0;
	if (mask != all && vvb_from_user((u8 *)&data, buf, count))
		return -EFAULT;
	data = cpu_to_le32((le32_to_cpu(data) & ~mask) | (bytes >> shift & mask));
	return vvb_to_user(buf, (u8 *)&data, count);
}

/* memory_lock is held for writing. Kicks that came while the bit was off are lost in the device. */
static void vvb_config_decode_on(struct vvb_vf *vf)
{
	struct pci_dev *pdev = vf->core.pdev;
	u16 command;

	pci_user_read_config_word(pdev, PCI_COMMAND, &command);
	if (command & PCI_COMMAND_MEMORY)
		return;
	pci_user_write_config_word(pdev, PCI_COMMAND, command | PCI_COMMAND_MEMORY);
	if (vf->notify_addr && vvb_memory_enabled(vf))
		vvb_owner_self_ring_all(vf->doorbells);
}

/*
 * A driver that knows I/O BARs only turns decoding of memory off, or never turns it on: what carries out
 * its accesses has its registers there. Its user is shown the bit as it wrote it, see above. Of
 * VFs see vvb_vf_has_memory_bit().
 *
 * It is written as vfio-pci writes it: to a device that is awake, which brings what it had back as it wakes
 * up, and not into a reset by root, which puts back what was there before. What such a one would undo has
 * no memory until PCI_COMMAND is written again.
 */
static void vvb_config_decode(struct vvb_vf *vf)
{
	if (!vf->decodes || vvb_power_get(vf))
		return;
	scoped_guard(rwsem_write, &vf->core.memory_lock)
		vvb_config_decode_on(vf);
	vvb_power_put(vf);
}

/*
 * The bytes that are ours, too, are taken from what vfio-pci has kept of the write: user memory
 * may say something else by now. It keeps the I/O bit, Interrupt Disable, and all of BAR0.
 */
static void vvb_config_keep(struct vvb_vf *vf, loff_t pos, size_t count)
{
	const u8 *kept = vf->core.vconfig;
	u8 bar0[4];
	size_t i;

	if (vvb_covers(pos, count, PCI_COMMAND)) {
		scoped_guard(spinlock, &vf->state.lock)
			WRITE_ONCE(vf->state.io_enabled, kept[PCI_COMMAND] & PCI_COMMAND_IO);
		vvb_config_decode(vf);
	}
	if (vvb_covers(pos, count, PCI_COMMAND + 1))
		vvb_intx_command(vf);
	vvb_put_le(bar0, vf->config.bar0, sizeof(bar0));
	for (i = 0; i < sizeof(bar0); i++)
		if (vvb_covers(pos, count, PCI_BASE_ADDRESS_0 + i))
			bar0[i] = kept[PCI_BASE_ADDRESS_0 + i];
	vf->config.bar0 = vvb_get_le(bar0, sizeof(bar0));
}

static bool vvb_config_hidden(struct vvb_vf *vf, loff_t pos)
{
	return pos < PCI_CFG_SPACE_SIZE && test_bit(pos, vf->config.hidden);
}

/*
 * What is done at once: as PCI has it 4, 2 or 1 aligned bytes, which are all hidden or all
 * visible. vfio-pci copies so many in one go.
 */
static size_t vvb_config_piece(struct vvb_vf *vf, loff_t pos, size_t count)
{
	size_t len = pos & 1 || count < 2 ? 1 : pos & 2 || count < 4 ? 2 : 4, i;

	for (i = 1; i < len; i++)
		if (vvb_config_hidden(vf, pos + i) != vvb_config_hidden(vf, pos))
			return 1;
	return len;
}

/* Bytes that do not exist: zero, or dropped. The device is not asked, it could act on it. */
static ssize_t vvb_config_nothing(char __user *buf, size_t count, loff_t *ppos, bool write)
{
	if (!write && clear_user(buf, count))
		return -EFAULT;
	*ppos += count;
	return count;
}

/*
 * Can this write reset the VF, as VFIO_DEVICE_RESET does? Whatever is written: the bit that was
 * looked at need not be the one that vfio-pci reads.
 */
static bool vvb_config_resets(struct vvb_vf *vf, loff_t pos, size_t count)
{
	unsigned long end = min_t(loff_t, pos + count, PCI_CFG_SPACE_SIZE);

	return find_next_bit(vf->config.resets, end, pos) < end;
}

static bool vvb_in_d3(struct vvb_vf *vf)
{
	return (__force int)vf->core.pdev->current_state >= (__force int)PCI_D3hot;
}

/* Nobody tells of a reset that comes with the way to D0. */
static ssize_t vvb_config_forward(struct vvb_vf *vf, char __user *buf, size_t count, loff_t *ppos)
{
	loff_t pos = *ppos & VFIO_PCI_OFFSET_MASK;
	bool asleep = vvb_in_d3(vf);
	ssize_t done = vfio_pci_core_write(&vf->core.vdev, buf, count, ppos);

	if (asleep && !vvb_in_d3(vf) && vf->core.needs_pm_restore)
		vvb_reset_happened(vf);
	if (done > 0)
		vvb_config_keep(vf, pos, done);
	return done;
}

static ssize_t vvb_config_write(struct vvb_vf *vf, char __user *buf, size_t count, loff_t *ppos)
{
	ssize_t done;

	if (!vvb_config_resets(vf, *ppos & VFIO_PCI_OFFSET_MASK, count))
		return vvb_config_forward(vf, buf, count, ppos);
	done = vvb_reset_begin(vf);
	if (done)
		return done;
	done = vvb_config_forward(vf, buf, count, ppos);
	vvb_reset_end(vf);
	return done;
}

static ssize_t vvb_config_read(struct vvb_vf *vf, char __user *buf, size_t count, loff_t *ppos)
{
	loff_t pos = *ppos & VFIO_PCI_OFFSET_MASK;
	ssize_t done = vfio_pci_core_read(&vf->core.vdev, buf, count, ppos);
	int err = done > 0 ? vvb_config_overlay(vf, buf, done, pos) : 0;

	return err ?: done;
}

/* One piece. Page faults are off, vf->config.lock is held. */
static ssize_t vvb_config_do(struct vvb_vf *vf, char __user *buf, size_t len, loff_t *ppos,
			     bool write)
{
	if (vvb_config_hidden(vf, *ppos & VFIO_PCI_OFFSET_MASK))
		return vvb_config_nothing(buf, len, ppos, write);
	return write ? vvb_config_write(vf, buf, len, ppos) : vvb_config_read(vf, buf, len, ppos);
}

/* One piece, when the user's memory is there. */
static ssize_t vvb_config_next(struct vvb_vf *vf, char __user *buf, size_t len, loff_t *ppos,
			       bool write)
{
	unsigned int tries = 0;
	ssize_t done;
	loff_t pos;

	/* to read some registers twice is not to read them once */
	if (!write && vvb_user_fetch(buf, len))
		return -EFAULT;
	do {
		pos = *ppos;
		if (mutex_lock_killable(&vf->config.lock))
			return -EINTR;
		pagefault_disable();
		done = vvb_config_do(vf, buf, len, &pos, write);
		pagefault_enable();
		mutex_unlock(&vf->config.lock);
	} while (done == -EFAULT && vvb_user_again(buf, len, !write, &tries));
	*ppos = pos;
	return done;
}

/**
 * vvb_config_rw - VFIO read or write of the config region of a transitional device
 * @vf:		open
 * @buf, @count, @ppos: as vfio_pci_core_read() and _write(); hidden bytes read as zero, writes
 *		to them are dropped
 * @write:	direction
 *
 * Nobody sees a write half done, as far as PCI would do it at once.
 * Context: process context, sleeps, killable.
 * Return: bytes done or a negative errno; -EBUSY as vvb_reset_begin().
 */
ssize_t vvb_config_rw(struct vvb_vf *vf, char __user *buf, size_t count, loff_t *ppos, bool write)
{
	size_t len, left;
	ssize_t done;

	if ((*ppos & VFIO_PCI_OFFSET_MASK) + count > vf->core.pdev->cfg_size)
		return -EFAULT;
	for (left = count; left; left -= done) {
		len = vvb_config_piece(vf, *ppos & VFIO_PCI_OFFSET_MASK, left);
		done = vvb_config_next(vf, buf + (count - left), len, ppos, write);
		if (done <= 0)
			return done;
	}
	return count;
}

/**
 * vvb_config_set_master - have the device master the bus, as its guest's driver has not asked for it
 * @vf:		open; its lock is held
 *
 * The bit is the VF's own, and is written as the guest would write it. Nobody comes in between: what
 * is locked holds off the accesses to config space that users make, and resets. A reset that is
 * under way already is not waited for: it takes away the status that this comes with.
 *
 * Context: sleeps while the device wakes up.
 */
void vvb_config_set_master(struct vvb_vf *vf)
{
	struct pci_dev *pdev = vf->core.pdev;
	u16 command = 0;

	if (vvb_power_get(vf))
		return;
	if (pci_cfg_access_trylock(pdev)) {
		pci_read_config_word(pdev, PCI_COMMAND, &command);
		if (!(command & PCI_COMMAND_MASTER)) {
			pci_write_config_word(pdev, PCI_COMMAND, command | PCI_COMMAND_MASTER);
			vvb_stats_event(vf, VVB_EV_BUS_MASTER_SET);
		}
		pci_cfg_access_unlock(pdev);
	}
	vvb_power_put(vf);
}
