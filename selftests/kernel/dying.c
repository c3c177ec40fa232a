// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A VMM is killed while all of its threads wait, one for a device that does not answer, the
 * others for that one: it is gone at once. dying VF, whose notifies are commands and whose
 * admin_timeout_ms is far longer than this takes.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <linux/pci_regs.h>

#include "check.h"
#include "knob.h"
#include "legacy.h"
#include "punt.h"

#define SETTLE_MS 1000
#define GONE_MS 3000

static const char *bdf;
static struct vf vf;
static atomic_uint *done; /* calls that returned, told to the parent */

/* ---- what its threads do ---- */

static unsigned int devctl;

static void do_read(void)
{
	legacy_get32(&vf, LEGACY_DEVICE_FEATURES);
}

static void do_write(void)
{
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0);
}

static void do_kick(void)
{
	legacy_put16(&vf, LEGACY_QUEUE_NOTIFY, 0);
}

static void do_irqs(void)
{
	vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, NULL, 0);
}

static void do_reset(void)
{
	vf_reset(&vf);
}

static void do_flr(void)
{
	vf_config_put(&vf, devctl, 2, PCI_EXP_DEVCTL_BCR_FLR);
}

/* waits for the FLR before it */
static void do_config(void)
{
	vf_config_get(&vf, PCI_COMMAND, 2);
}

static void (*const calls[])(void) = {
	do_read, do_write, do_kick, do_irqs, do_reset, do_flr, do_config,
};

static void *run(void *arg)
{
	void (*const *call)(void) = arg;

	(*call)();
	atomic_fetch_add(done, 1);
	return NULL;
}

static void vmm(int ready, int go)
{
	pthread_t thread;
	unsigned int i;
	char byte = 0;

	if (vf_open(&vf, bdf))
		_exit(1);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	devctl = vf_express(&vf);
	if (!devctl)
		check_die("no PCI Express capability");
	devctl += PCI_EXP_DEVCTL;
	if (write(ready, &byte, 1) != 1 || read(go, &byte, 1) != 1)
		_exit(1);
	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		pthread_create(&thread, NULL, run, (void *)&calls[i]);
		usleep(50000); /* in this order */
	}
	for (;;)
		pause();
}

/* ---- who kills it ---- */

static pid_t start(int *go)
{
	int to[2], from[2];
	char byte;
	pid_t pid;

	if (pipe(to) || pipe(from))
		check_die("pipe: %s", strerror(errno));
	pid = fork();
	if (!pid)
		vmm(from[1], to[0]);
	close(from[1]);
	if (pid < 0 || read(from[0], &byte, 1) != 1)
		check_die("VF %s does not open", bdf);
	*go = to[1];
	return pid;
}

static bool gone(pid_t pid, long ms)
{
	long until = punt_now_ms() + check_ms(ms);

	while (waitpid(pid, NULL, WNOHANG) != pid) {
		if (punt_now_ms() > until)
			return false;
		usleep(10000);
	}
	return true;
}

static bool is_stalled(void)
{
	char value[16];

	return !vf_attr_get(bdf, "stalled", value, sizeof(value)) && !strcmp(value, "1");
}

int main(int argc, char **argv)
{
	unsigned int tries;
	pid_t pid;
	int go;

	if (argc < 2)
		check_die("usage: dying VF");
	bdf = argv[1];
	/* cppcheck-suppress invalidFunctionArg ; anonymous memory has no file */
	done = mmap(NULL, sizeof(*done), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (done == MAP_FAILED)
		check_die("mmap: %s", strerror(errno));
	pid = start(&go);
	check(!knob_set("hang-queue", "true"), "the device hangs");
	if (write(go, "", 1) != 1)
		check_die("the VMM ended");
	check(!gone(pid, SETTLE_MS), "the VMM is there");
	check_eq(atomic_load(done), 0, "all of its threads wait");
	kill(pid, SIGKILL);
	check(gone(pid, GONE_MS), "killed, it is gone");
	check(is_stalled(), "its command is unanswered");
	check(!knob_set("hang-queue", "false"), "the device answers");
	for (tries = 0; tries < 100 && is_stalled(); tries++)
		usleep(50000);
	check_eq(vf_open(&vf, bdf), 0, "open again");
	vf_command(&vf, PCI_COMMAND_IO, 0);
	check(legacy_get32(&vf, LEGACY_DEVICE_FEATURES) != ~0u, "the device answers us");
	vf_close(&vf);
	return check_result();
}
