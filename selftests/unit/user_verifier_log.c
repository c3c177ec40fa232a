// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Why a program was not loaded, found in what libbpf and the verifier have printed. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libvvb/verifier_log.h"
#include "libvvb/vvb.h"

static char cause[256];

#define BEGIN                                                            \
	"libbpf: prog 'f': BPF program load failed: Permission denied\n" \
	"libbpf: prog 'f': -- BEGIN PROG LOAD LOG --\n"
#define END                                                         \
	"processed 3 insns (limit 1000000) max_states_per_insn 0\n" \
	"-- END PROG LOAD LOG --\n"                                 \
	"libbpf: prog 'f': failed to load: -13\nlibbpf: failed to load object 'f.bpf.o'\n"

static void found(const char *log, const char *wanted)
{
	bool any = verifier_log_cause(log, cause, sizeof(cause));

	cr_expect_eq(any, !!wanted, "of: %s", log);
	if (any && wanted)
		cr_expect_str_eq(cause, wanted);
}

Test(user_verifier_log, its_last_words)
{
	found(BEGIN "0: R1=ctx()\n; acc->vf = 0; @ bad.bpf.c:7\n2: (7b) *(u64 *)(r1 +0) = r2\n"
		    "vvb_access: value is writable, not 8 bytes at 0\n" END,
	      "the verifier refuses 'f': vvb_access: value is writable, not 8 bytes at 0 "
	      "(at acc->vf = 0; @ bad.bpf.c:7)");
	found(BEGIN "; acc->vf = 0; @ bad.bpf.c:7\n2: (7b) *(u64 *)(r1 +0) = r2\n"
		    "vvb_access: value is writable, not 8 bytes at 0\n"
		    "R1 cannot write into ptr_vvb_access at off=0 size=8\n" END,
	      "the verifier refuses 'f': vvb_access: value is writable, not 8 bytes at 0 "
	      "(at acc->vf = 0; @ bad.bpf.c:7)");
	found(BEGIN "attach to unsupported member access\n" END,
	      "the verifier refuses 'f': attach to unsupported member access");
	found(BEGIN "no such thing\nverification time 12 usec\nstack depth 8\n" END,
	      "the verifier refuses 'f': no such thing");
}

/* The beginning of what is too long was dropped: the cause is at the end. */
Test(user_verifier_log, without_its_beginning)
{
	found("r2\nR1 type=scalar expected=fp\n" END,
	      "the verifier refuses '?': R1 type=scalar expected=fp");
	found("1: R1\n; x = 1; @ a.c:2\n3: R2\nmath\n" END,
	      "the verifier refuses '?': math (at x = 1; @ a.c:2)");
}

Test(user_verifier_log, nothing_of_the_verifier)
{
	found("", NULL);
	found("libbpf: elf: not a proper ELF object\n", NULL);
	found(BEGIN END, NULL);
	found("-- END PROG LOAD LOG --\n", NULL);
	found("\n-- END PROG LOAD LOG --\n", NULL);
	found("processed 1 insns\n-- END PROG LOAD LOG --\n", NULL);
}

Test(user_verifier_log, what_libbpf_says_first)
{
	cr_expect(libbpf_log_cause("libbpf: map 'm': failed to create: -22\nlibbpf: more\n", cause,
				   sizeof(cause)));
	cr_expect_str_eq(cause, "map 'm': failed to create: -22");
	cr_expect_not(libbpf_log_cause("nothing\n", cause, sizeof(cause)));
}

/* A loop of 800 lines, and a buffer that is too small for one. */
Test(user_verifier_log, much)
{
	char *log = calloc(1, 1 << 16), small[20];
	size_t at = sprintf(log, BEGIN);

	for (int i = 0; i < 800; i++)
		at += sprintf(log + at, "%d: (07) r1 += 1 ; R1=scalar()\n", i);
	sprintf(log + at, "back-edge\n" END);
	found(log, "the verifier refuses 'f': back-edge");
	cr_expect(verifier_log_cause(log, small, sizeof(small)));
	cr_expect_eq(strlen(small), sizeof(small) - 1);
	free(log);
}

/* Numbers that strerror() knows nothing of. */
Test(user_verifier_log, errors_by_name)
{
	cr_expect_str_eq(vvb_strerror(-ENOENT), "No such file or directory");
	cr_expect_str_eq(vvb_strerror(EPERM), "Operation not permitted");
	cr_expect_str_eq(vvb_strerror(-524), "this kernel does not support it");
	cr_expect_str_eq(vvb_strerror(-4001), "BPF object format invalid");
	cr_expect_str_eq(vvb_strerror(-4095), "error 4095, which has no name");
	for (int err = 1; err < 4200; err++)
		cr_expect_null(strstr(vvb_strerror(-err), "Unknown"), "%d: %s", err,
			       vvb_strerror(-err));
}
