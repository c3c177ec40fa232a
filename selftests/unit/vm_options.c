// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The test bed's commands refuse what they can't do before they boot, or build, anything. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* Run it, for some seconds at most. It must say @wanted, and fail. */
static void refused(const char *command, const char *wanted)
{
	char line[512], text[4096] = "";
	FILE *from;
	int status;

	snprintf(line, sizeof(line), "timeout 5 " VM "%s 2>&1", command);
	from = popen(line, "r");
	cr_assert_not_null(from);
	text[fread(text, 1, sizeof(text) - 1, from)] = '\0';
	status = pclose(from);
	cr_expect(WIFEXITED(status) && (WEXITSTATUS(status) == 1 || WEXITSTATUS(status) == 2),
		  "%s: status %#x", command, status);
	cr_expect(strstr(text, wanted), "%s: wanted '%s' in '%s'", command, wanted, text);
}

Test(vm_options, numbers)
{
	refused("run --no-build --timeout abc -- true", "--timeout: a number from 0 on, not 'abc'");
	refused("run --no-build --vfs many -- true", "--vfs: a number from 0 on, not 'many'");
	refused("run --no-build --vfs -1 -- true", "--vfs: a number from 0 on, not '-1'");
	refused("run --no-build --memory 1G -- true", "--memory: a number from 1 on, not '1G'");
	refused("run --no-build --smp 0 -- true", "--smp: a number from 1 on, not '0'");
	refused("run --no-build --vectors x -- true", "--vectors: a number from 1 on, not 'x'");
	refused("run --no-build --timeout", "--timeout wants a value");
	refused("run --no-build --vfs -- true", "--vfs wants a value");
}

Test(vm_options, files)
{
	refused("run --no-build --share /nonexistent -- true",
		"--share: /nonexistent is no directory");
	refused("run --no-build --module /nonexistent -- true",
		"--module: there is no file /nonexistent");
	refused("run --no-build --log /nonexistent/log -- true",
		"/nonexistent/log: there is no such directory");
}

Test(vm_options, words)
{
	refused("run --no-build --driver mine -- true", "--driver: ours, upstream or vfio-pci");
	refused("run --no-build --nonsense -- true", "what is '--nonsense'? --help lists");
	refused("run --no-build --nonsense", "what is '--nonsense'? --help lists");
	refused("run --no-build --vfs 1", "which command? It comes behind --");
	refused("demo policy=nonsense", "no policy 'nonsense', and no guard");
	refused("demo policy=split loader=bpftool driver=theirs", "what is 'driver=theirs'?");
	refused("demo policy=cache loader=bpftool", "no guard 'cache'");
	refused("demo owner=daemon", "what is 'owner=daemon'?");
	refused("demo device=stock owner=pf", "have no administration commands: owner=self");
	refused("demo device=stock type=blk owner=pf",
		"have no administration commands: owner=self");
	refused("demo device=model type=blk driver=upstream",
		"virtio_vfio_pci knows network cards only");
	refused("demo driver=upstream owner=self", "virtio_vfio_pci knows VFs of PFs");
	refused("run --no-build --stock nosuch -- true", "--stock: one of bookworm");
	refused("run --no-build --stock bookworm --vectors 3 -- true", "there is no model");
	refused("run --no-build --disk many -- true", "--disk: a number from 1 on, not 'many'");
	refused("run --no-build --wire", "--wire wants a value");
}

Test(vm_options, kernels)
{
	refused("kernels --nonsense", "what is '--nonsense'? --quick");
	refused("kernels 9.9", "no kernel '9.9'; there are: 6.12");
	refused("provide/pinned-packages /nonexistent", "there is no list /nonexistent");
	refused("provide/pinned-packages", "a list of packages");
}

Test(vm_options, guests)
{
	refused("../guests/check --driver mine", "--driver: ours or upstream, not 'mine'");
	refused("../guests/check --driver", "--driver wants a value");
	refused("../guests/check --fast", "what is '--fast'?");
	refused("../guests/check linux-2.0", "no guest 'linux-2.0'; there are:");
	refused("provide/guest-parts linux-2.0", "no guest 'linux-2.0'");
}
