// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The shadow `shadow-mask` would do five things in another way; none of them happens, each is
 * reported: shadow VF
 */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <linux/pci_regs.h>

#include "check_vf.h"
#include "legacy.h"
#include "stats.h"

#define HIDDEN (1u << 15)
#define QUEUE_SIZE 256 /* as the model has it */

static struct vf vf;

static void report(struct vvb_shadow *shadow)
{
	int fd = open("/dev/vvb", O_RDWR | O_CLOEXEC);

	memset(shadow, 0xff, sizeof(*shadow));
	shadow->argsz = sizeof(*shadow);
	shadow->flags = 0;
	shadow->vf = stats_vf_id(vf.bdf);
	if (fd < 0 || ioctl(fd, VVB_IOC_SHADOW, shadow))
		check_die("VVB_IOC_SHADOW: %s", strerror(errno));
	close(fd);
}

static void drive(uint32_t features)
{
	check(features & HIDDEN, "device_features 0x%x are whole", features);
	legacy_put32(&vf, LEGACY_DRIVER_FEATURES, features);
	check_eq(legacy_get32(&vf, LEGACY_DRIVER_FEATURES), features, "driver_features as written");
	legacy_put32(&vf, LEGACY_DRIVER_FEATURES, 1);
	legacy_put16(&vf, LEGACY_QUEUE_SELECT, 3);
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SELECT), 3, "queue 3 is selected");
	legacy_put16(&vf, LEGACY_QUEUE_SELECT, 0);
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SIZE), QUEUE_SIZE, "queue_size");
	check_eq(legacy_get32(&vf, LEGACY_QUEUE_ADDRESS), 0, "queue_address");
}

static void expect(const struct vvb_shadow *s, unsigned int field, unsigned int compared,
		   unsigned int differ, const char *name)
{
	check_eq((long long)s->compared[field], compared, "%s: compared", name);
	check_eq((long long)s->differ[field], differ, "%s: differ", name);
}

static void sample(const struct vvb_shadow *s, unsigned int i, unsigned int field,
		   unsigned int verdict, unsigned int would)
{
	check_eq(s->samples[i].field, field, "sample %u: field", i);
	check_eq(s->samples[i].verdict, verdict, "sample %u: verdict", i);
	check_eq(s->samples[i].shadow_verdict, would, "sample %u: the shadow's", i);
}

static void judge(uint32_t features)
{
	struct vvb_shadow s;

	report(&s);
	check(!strcmp(s.policy, "shadow-mask"), "shadow %.16s", s.policy);
	expect(&s, VVB_FIELD_DEVICE_FEATURES, 1, 1, "device_features");
	expect(&s, VVB_FIELD_DRIVER_FEATURES, 3, 1, "driver_features");
	expect(&s, VVB_FIELD_QUEUE_SELECT, 3, 1, "queue_select");
	expect(&s, VVB_FIELD_QUEUE_SIZE, 1, 1, "queue_size");
	expect(&s, VVB_FIELD_QUEUE_ADDRESS, 1, 1, "queue_address");
	expect(&s, VVB_FIELD_DEVICE_STATUS, 0, 0, "device_status");
	check_eq(s.nr_samples, 5, "samples");
	sample(&s, 0, VVB_FIELD_QUEUE_ADDRESS, VVB_DIRECT, VVB_SHADOW_ILLEGAL);
	sample(&s, 1, VVB_FIELD_QUEUE_SIZE, VVB_DIRECT, VVB_EMULATE);
	sample(&s, 2, VVB_FIELD_QUEUE_SELECT, VVB_DIRECT, VVB_DENY);
	sample(&s, 3, VVB_FIELD_DRIVER_FEATURES, VVB_DIRECT, VVB_DIRECT);
	sample(&s, 4, VVB_FIELD_DEVICE_FEATURES, VVB_DIRECT, VVB_DIRECT);
	check_eq((long long)s.samples[4].value, features, "device_features: value");
	check_eq((long long)s.samples[4].shadow_value, features & ~HIDDEN,
		 "device_features: the shadow's value");
	check_eq((long long)s.samples[3].shadow_value, features & ~HIDDEN,
		 "driver_features: the shadow's value");
	check_eq((long long)s.samples[1].value, QUEUE_SIZE, "queue_size: value");
	check_eq((long long)s.samples[1].shadow_value, 64, "queue_size: the shadow's value");
	check_eq(s.pad, 0, "nothing stale in the report");
}

int main(int argc, char **argv)
{
	uint32_t features;

	if (argc < 2)
		check_die("usage: shadow VF");
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	features = legacy_get32(&vf, LEGACY_DEVICE_FEATURES);
	drive(features);
	judge(features);
	vf_close(&vf);
	return check_result();
}
