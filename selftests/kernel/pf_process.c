// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * pf_process PF SOCKET - a process that has a PF, as DPDK or a vendor's would
 *
 * Drives the PF over vfio-pci as far as its administration virtqueue takes it, and carries out what vvbd
 * passes on. Says "ready", and ends by a signal. SIGHUP: hang up and listen anew, as if it had been
 * started again over a PF that was kept.
 */
#include <signal.h>
#include <unistd.h>

#include "admin_queue.h"
#include "check.h"
#include "libvvb/vvb.h"

#define COMMAND_MS 5000

static struct vf pf;
static struct admin_queue queue;
static volatile sig_atomic_t again, over;

static void on_signal(int signal)
{
	if (signal == SIGHUP)
		again = 1;
	else
		over = 1;
}

static void carry(void *arg, __u64 vf, const struct vvb_command *command, struct vvb_result *result)
{
	int n = admin_queue_run(&queue, command->bytes, command->len, result->bytes,
				command->result_len, COMMAND_MS);

	(void)arg;
	(void)vf;
	if (n < 0)
		check_die("the PF does not answer: %s", strerror(-n));
	result->len = (__u8)n;
}

static struct vvb_forward *listen_at(const char *path)
{
	struct vvb_forward *forward;
	int err = vvb_forward_listen(path, &forward);

	if (err)
		check_die("%s: %s", path, strerror(-err));
	return forward;
}

int main(int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = on_signal };
	struct vvb_forward *forward;
	const char *why;
	int err;

	if (argc != 3)
		check_die("usage: pf_process PF SOCKET");
	err = vf_open(&pf, argv[1]);
	if (err)
		check_die("PF %s: %s", argv[1], strerror(-err));
	err = admin_queue_open(&queue, &pf, &why);
	if (err)
		check_die("PF %s: %s: %s", argv[1], why, strerror(-err));
	sigaction(SIGHUP, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	forward = listen_at(argv[2]);
	puts("ready");
	fflush(stdout);
	while (!over) {
		vvb_forward_serve(forward, carry, NULL, 200);
		if (!again)
			continue;
		again = 0;
		vvb_forward_close(forward);
		forward = listen_at(argv[2]);
	}
	vvb_forward_close(forward);
	vf_close(&pf);
	return 0;
}
