// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* How rows of guests are judged: by what they left, and by what is known of them. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char dir[] = "/tmp/vvb-guests-XXXXXX";

static void make(void)
{
	cr_assert_not_null(mkdtemp(dir));
}

static void clean(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	cr_assert_eq(system(command), 0);
}

TestSuite(vm_guests, .init = make, .fini = clean);

/* A file of the row "a:msix:none", or, with @name NULL, the list of what is known. */
static void put(const char *name, const char *text)
{
	char path[128];
	FILE *to;

	snprintf(path, sizeof(path), "mkdir -p %s/a:msix:none", dir);
	cr_assert_eq(system(path), 0);
	snprintf(path, sizeof(path), "%s/%s%s", dir, name ? "a:msix:none/" : "",
		 name ? name : "known");
	to = fopen(path, "w");
	cr_assert_not_null(to);
	fputs(text, to);
	fclose(to);
}

/* What @filter of jq prints of that row. */
static void judged(const char *filter, const char *wanted)
{
	char command[512], text[512] = "";
	FILE *from;

	put(NULL, "# a comment\na:msix:*\tno interrupt\n");
	snprintf(command, sizeof(command),
		 GUESTS "judge %s/known ours %s a:linux:msix:none b:linux:msix:none | jq -r '%s'",
		 dir, dir, filter);
	from = popen(command, "r");
	cr_assert_not_null(from);
	text[fread(text, 1, sizeof(text) - 1, from)] = '\0';
	cr_expect_eq(pclose(from), 0);
	text[strcspn(text, "\n")] = '\0';
	cr_expect_str_eq(text, wanted);
}

#define RESULT ".rows[0] | .result + \": \" + (.reason // \"-\")"

Test(vm_guests, fails_as_known)
{
	put("notes", "commands\t7\nseconds\t30\n");
	put("reason", "there was no interrupt\n");
	judged(RESULT, "known: there was no interrupt");
}

Test(vm_guests, fails_otherwise)
{
	put("notes", "commands\t7\nseconds\t30\n");
	put("reason", "the kernel panicked\n");
	judged(RESULT, "fails: the kernel panicked");
}

Test(vm_guests, known_but_does_not_fail)
{
	put("notes", "commands\t7\nseconds\t30\n");
	judged(RESULT, "fails: no longer fails: take it from selftests/guests/known");
}

Test(vm_guests, does_not_end)
{
	put("notes", "driver\tvirtio_net\n");
	judged(RESULT, "fails: it did not come to an end");
	judged(".rows[1] | .result + \": \" + .reason", "fails: it did not come to an end");
}

Test(vm_guests, skipped)
{
	put("skip", "it is no longer on the mirror\n");
	judged(RESULT, "skipped: it is no longer on the mirror");
}

Test(vm_guests, facts)
{
	put("notes", "commands\t7\nseconds\t30\nto_guest\t1048576\naddress\t10.0.0.7\n");
	put("reason", "no interrupt\n");
	judged(".rows[0] | \"\\(.commands) \\(.bytes_to_guest) \\(.address) \\(.bytes_from_guest)\"",
	       "7 1048576 10.0.0.7 null");
}
