// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A VF by its own file: what it does before it is bound, who else may have it meanwhile,
 * and that the legacy interface needs no address space: iommufd_binding VF
 */
#include <fcntl.h>
#include <unistd.h>
#include <sys/ioctl.h>

#include "check.h"
#include "iommufd.h"
#include "legacy.h"

static const char *bdf;
static int device, iommufd;

static int bound_by_another(void)
{
	int err, other = iommufd_device(bdf);

	if (other < 0)
		return other;
	err = iommufd_bind(other, iommufd);
	close(other);
	return err;
}

static int opened_by_group(void)
{
	struct vf vf;
	int err = vf_open(&vf, bdf);

	if (!err)
		vf_close(&vf);
	return err;
}

static void before_bind(void)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };
	char byte;

	check(ioctl(device, VFIO_DEVICE_GET_INFO, &info) && errno == EINVAL, "no device info");
	check(pread(device, &byte, 1, 0) < 0 && errno == EINVAL, "no access to BAR0");
	check(iommufd_bind(device, STDOUT_FILENO) < 0, "not bound to what is no iommufd");
}

static void bound(void)
{
	check_eq(iommufd_bind(device, iommufd), 0, "bound");
	check_eq(iommufd_bind(device, iommufd), -EINVAL, "bound once more");
	check_eq(bound_by_another(), -EINVAL, "bound by another file of it");
	check_eq(opened_by_group(), -EBUSY, "opened by group");
}

/* Registers are reached by commands of the PF, which no address space of the VF is for. */
static void attached(void)
{
	struct vfio_region_info info = { .argsz = sizeof(info) };
	uint32_t ioas = 0, features = 0, again = 0;
	struct vf vf = { .device = device };

	check_eq(iommufd_attach(device, ~0u), -ENOENT, "attached to no such address space");
	check(!vf_region(&vf, VFIO_PCI_CONFIG_REGION_INDEX, &info), "config space");
	vf.config = info.offset;
	check(!vf_region(&vf, VFIO_PCI_BAR0_REGION_INDEX, &info) && info.size, "BAR0");
	vf.bar0 = info.offset;
	check(!vf_command(&vf, 1, 0), "I/O space enabled");
	check_eq(legacy_read(&vf, LEGACY_DEVICE_FEATURES, &features, 4), 4, "detached: features");
	check_eq(iommufd_space(iommufd, &ioas), 0, "address space");
	check_eq(iommufd_attach(device, ioas), 0, "attached");
	check_eq(legacy_read(&vf, LEGACY_DEVICE_FEATURES, &again, 4), 4, "attached: features");
	check_eq(again, features, "the same");
	check_eq(iommufd_detach(device), 0, "detached");
}

static void by_group(void)
{
	struct vf vf;

	if (!check_eq(vf_open(&vf, bdf), 0, "closed, then opened by group"))
		return;
	check_eq(bound_by_another(), -EBUSY, "bound meanwhile");
	vf_close(&vf);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		check_die("usage: iommufd_binding VF");
	bdf = argv[1];
	iommufd = open("/dev/iommu", O_RDWR | O_CLOEXEC);
	if (iommufd < 0)
		check_die("/dev/iommu: %s", strerror(errno));
	device = iommufd_device(bdf);
	if (device < 0)
		check_die("VF %s: %s", bdf, strerror(-device));
	before_bind();
	bound();
	attached();
	close(device);
	by_group();
	close(iommufd);
	return check_result();
}
