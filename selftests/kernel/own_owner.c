// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * own_owner VF - a function that is its own owner, and a device that lies
 *
 * Whatever the device says, the guest gets an outcome that is written down, it is counted, and no
 * access takes longer than admin_timeout_ms.
 */
#include <time.h>

#include "check_vf.h"
#include "knob.h"
#include "legacy.h"
#include "stats.h"

#define ALL_FEATURES UINT32_MAX
#define S_DRIVER (LEGACY_STATUS_ACKNOWLEDGE | LEGACY_STATUS_DRIVER)

static struct vf vf;

static void knob(const char *name, const char *value)
{
	if (knob_set(name, value))
		check_die("%s=%s was refused", name, value);
}

static __u64 counted(enum vvb_event event)
{
	return stats_event(vf.bdf, event);
}

static long elapsed_ms(const struct timespec *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - since->tv_sec) * 1000 + (now.tv_nsec - since->tv_nsec) / 1000000;
}

static void begin(uint32_t features)
{
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, LEGACY_STATUS_ACKNOWLEDGE);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, S_DRIVER);
	legacy_put32(&vf, LEGACY_DRIVER_FEATURES,
		     features & legacy_get32(&vf, LEGACY_DEVICE_FEATURES));
}

static uint16_t size_of(uint16_t queue)
{
	legacy_put16(&vf, LEGACY_QUEUE_SELECT, queue);
	return legacy_get16(&vf, LEGACY_QUEUE_SIZE);
}

/* A driver that sets all three queues up, at addresses that nobody looks at. */
static uint8_t go_live(void)
{
	for (uint16_t queue = 0; queue < 3; queue++) {
		size_of(queue);
		legacy_put32(&vf, LEGACY_QUEUE_ADDRESS, 16 + queue * 16);
	}
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, S_DRIVER | LEGACY_STATUS_DRIVER_OK);
	return legacy_get8(&vf, LEGACY_DEVICE_STATUS);
}

static void honest(void)
{
	begin(ALL_FEATURES);
	check_eq(size_of(0), 256, "an honest device: size of queue 0");
	check_eq(size_of(3), 0, "it has no queue 3");
	check_eq(go_live(), S_DRIVER | LEGACY_STATUS_DRIVER_OK, "it is live");
}

static void refuses_features(void)
{
	__u64 before = counted(VVB_EV_FEATURES_REFUSED);

	knob("features-refused", "true");
	begin(ALL_FEATURES);
	check_eq(size_of(0), 0, "features refused: no queue");
	check_eq((long long)(counted(VVB_EV_FEATURES_REFUSED) - before), 1, "counted");
	check_eq(go_live(), S_DRIVER | LEGACY_STATUS_FAILED, "DRIVER_OK is not to be had");
	knob("features-refused", "false");
	honest();
}

/* A header of 10 bytes, which VERSION_1 has not got. */
static void wants_version_1(void)
{
	begin(0);
	check_eq(size_of(0), 0, "no mergeable buffers, and VERSION_1 is a must: no queue");
	honest();
}

static void odd_queues(void)
{
	static const struct {
		const char *shown;
		uint16_t size;
	} sizes[] = { { "0", 0 }, { "3", 2 }, { "255", 128 }, { "65535", 32768 } };
	__u64 before;

	for (unsigned int i = 0; i < ARRAY_SIZE(sizes); i++) {
		knob("queue-size-shown", sizes[i].shown);
		begin(ALL_FEATURES);
		check_eq(size_of(0), sizes[i].size, "queue_size %s", sizes[i].shown);
	}
	knob("queue-size-shown", "-1");
	before = counted(VVB_EV_BAD_QUEUE);
	knob("notify-off-shown", "65535");
	begin(ALL_FEATURES);
	check_eq(go_live(), S_DRIVER | LEGACY_STATUS_FAILED, "no doorbell: no DRIVER_OK");
	check(counted(VVB_EV_BAD_QUEUE) > before, "a bad queue is counted");
	knob("notify-off-shown", "-1");
	honest();
}

/* Is it @least to @most milliseconds that a reset takes? */
static void reset_takes(const char *name, long least, long most)
{
	struct timespec since;
	long ms;

	clock_gettime(CLOCK_MONOTONIC, &since);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0);
	ms = elapsed_ms(&since);
	check(ms >= least && ms <= check_ms(most), "%s: takes %ld ms", name, ms);
}

static void slow_reset(void)
{
	__u64 late = counted(VVB_EV_COMMAND_TIMEOUT);

	knob("reset-slow-ns", "50000000");
	honest();
	reset_takes("a reset of 50 ms", 50, 350);
	check_eq(legacy_get8(&vf, LEGACY_DEVICE_STATUS), 0, "it is over then");
	check_eq((long long)(counted(VVB_EV_COMMAND_TIMEOUT) - late), 0, "and was waited for");
	knob("reset-slow-ns", "9000000000000000000");
	honest();
	reset_takes("one that never ends", 400, 2000);
	check_eq((long long)(counted(VVB_EV_COMMAND_TIMEOUT) - late), 1, "is given up");
	knob("reset-slow-ns", "0");
	check_eq(vf_reset(&vf), 0, "VFIO_DEVICE_RESET");
	honest();
}

static void restless(void)
{
	__u64 before = counted(VVB_EV_RESTLESS_CONFIG);
	uint32_t mac = legacy_get32(&vf, LEGACY_CONFIG);

	knob("config-restless", "true");
	check_eq(legacy_get32(&vf, LEGACY_CONFIG), mac, "a configuration that never rests");
	check_eq((long long)(counted(VVB_EV_RESTLESS_CONFIG) - before), 1, "is counted");
	knob("config-restless", "false");
}

/* Before the device is live kicks wait; and what it says of itself is not for the guest. */
static void states(void)
{
	__u64 held = counted(VVB_EV_KICK_HELD), needs = counted(VVB_EV_NEEDS_RESET);

	begin(ALL_FEATURES);
	legacy_put16(&vf, LEGACY_QUEUE_NOTIFY, 1);
	check_eq((long long)(counted(VVB_EV_KICK_HELD) - held), 1, "an early kick is kept");
	check_eq(go_live(), S_DRIVER | LEGACY_STATUS_DRIVER_OK, "live");
	knob("needs-reset", "1");
	check_eq(legacy_get8(&vf, LEGACY_DEVICE_STATUS), S_DRIVER | LEGACY_STATUS_DRIVER_OK,
		 "DEVICE_NEEDS_RESET is not shown");
	check(counted(VVB_EV_NEEDS_RESET) > needs, "but counted");
	honest();
	legacy_put32(&vf, LEGACY_DRIVER_FEATURES, 0);
	check_eq((long long)counted(VVB_EV_LATE_FEATURES), 1, "late features are counted");
	legacy_put32(&vf, LEGACY_QUEUE_ADDRESS, 0);
	check_eq((long long)counted(VVB_EV_QUEUE_RUNS_ON), 1, "a queue that can't stop");
}

int main(int argc, char **argv)
{
	if (argc != 2)
		check_die("usage: own_owner VF");
	check_vf_open(&vf, argv[1]);
	honest();
	refuses_features();
	wants_version_1();
	odd_queues();
	slow_reset();
	restless();
	states();
	vf_close(&vf);
	return check_result();
}
