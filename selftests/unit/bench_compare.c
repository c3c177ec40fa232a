// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* compare, which judges one bench.json by another: what it lets through and what it does not. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXACT "true"
#define INEXACT "false"

static char base[] = "/tmp/vvb-base-XXXXXX", new[] = "/tmp/vvb-new-XXXXXX";
static char said[8192];

static void start(void)
{
	int a = mkstemp(base), b = mkstemp(new);

	cr_assert(a >= 0 && b >= 0);
	close(a);
	close(b);
}

static void end(void)
{
	unlink(base);
	unlink(new);
}

TestSuite(bench_compare, .init = start, .fini = end);

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	cr_assert_not_null(f);
	fputs(text, f);
	fclose(f);
}

/* One row, as bench.json has it. */
static const char *row(const char *name, const char *unit, int min, int median, const char *exact)
{
	static char text[8][256];
	static int nr;
	char *at = text[nr++ % 8];

	snprintf(at, sizeof(text[0]),
		 "{\"row\":\"%s\",\"driver\":\"ours\",\"policy\":\"none\",\"iommu\":\"nopt\","
		 "\"unit\":\"%s\",\"min\":%d,\"median\":%d,\"exact\":%s}",
		 name, unit, min, median, exact);
	return at;
}

/* A file of one row, or of two. */
static void bench(const char *path, const char *first, const char *second)
{
	char text[1024];

	snprintf(text, sizeof(text), "{\"about\":{},\"rows\":[%s%s%s]}", first, second ? "," : "",
		 second ? second : "");
	put(path, text);
}

/* Exit status of compare; what it said is in @said. */
static int compare(const char *one, const char *other)
{
	char command[256];
	FILE *f;
	int status;

	snprintf(command, sizeof(command), BENCH_DIR "/compare %s %s 2>&1", one, other);
	f = popen(command, "r");
	cr_assert_not_null(f);
	said[fread(said, 1, sizeof(said) - 1, f)] = 0;
	status = pclose(f);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define SAYS(text) cr_expect(strstr(said, text), "wanted '%s' in '%s'", text, said)

Test(bench_compare, equal_files_pass)
{
	bench(base, row("a", "insn", 1000, 2000, EXACT), NULL);
	cr_expect_eq(compare(base, base), 0);
	SAYS("1 rows: 1 same");
}

Test(bench_compare, more_than_one_per_cent_is_a_regression)
{
	bench(base, row("a", "insn", 1000, 2000, EXACT), NULL);
	bench(new, row("a", "insn", 1010, 2020, EXACT), NULL);
	cr_expect_eq(compare(base, new), 0, "%s", said);
	SAYS("within 1 %");
	bench(new, row("a", "insn", 1011, 2000, EXACT), NULL);
	cr_expect_eq(compare(base, new), 1);
	SAYS("REGRESSION");
	bench(new, row("a", "insn", 1000, 2021, EXACT), NULL);
	cr_expect_eq(compare(base, new), 1);
	SAYS("+1.05 %");
}

Test(bench_compare, zero_has_no_one_per_cent)
{
	bench(base, row("a", "count", 0, 0, EXACT), NULL);
	bench(new, row("a", "count", 0, 1, EXACT), NULL);
	cr_expect_eq(compare(base, new), 1);
	SAYS("from 0");
}

Test(bench_compare, better_and_inexact_rows_pass)
{
	bench(base, row("a", "insn", 1000, 2000, EXACT), row("b", "insn", 10, 20, INEXACT));
	bench(new, row("a", "insn", 900, 2000, EXACT), row("b", "insn", 15, 30, INEXACT));
	cr_expect_eq(compare(base, new), 0, "%s", said);
	SAYS("better");
	SAYS("not exact");
}

Test(bench_compare, how_busy_the_device_was_is_no_cost)
{
	bench(base, row("a", "per_ms", 1000, 2000, EXACT), NULL);
	bench(new, row("a", "per_ms", 1200, 1800, EXACT), NULL);
	cr_expect_eq(compare(base, new), 0, "%s", said);
	SAYS("no cost");
}

Test(bench_compare, a_row_on_one_side_only)
{
	const char *a = row("a", "insn", 1000, 2000, EXACT);

	bench(base, a, row("b", "insn", 1, 2, EXACT));
	bench(new, a, NULL);
	cr_expect_eq(compare(base, new), 1);
	SAYS("1 MISSING");
	cr_expect_eq(compare(new, base), 0, "%s", said);
	SAYS("1 new");
	bench(base, a, row("b", "insn", 1, 2, INEXACT));
	cr_expect_eq(compare(base, new), 0, "%s", said);
	SAYS("1 gone");
}

Test(bench_compare, another_unit_is_no_comparison)
{
	bench(base, row("a", "insn", 1000, 2000, EXACT), NULL);
	bench(new, row("a", "virt_ns", 1000, 2000, EXACT), NULL);
	cr_expect_eq(compare(base, new), 1);
	SAYS("UNIT");
}

Test(bench_compare, files_that_are_none)
{
	bench(new, row("a", "insn", 1, 2, EXACT), NULL);
	cr_expect_eq(compare("/nonexistent", new), 2);
	SAYS("/nonexistent: no such file");
	put(base, "");
	cr_expect_eq(compare(base, new), 2);
	put(base, "rows");
	cr_expect_eq(compare(base, new), 2);
	SAYS("not JSON");
	put(base, "{\"about\":{},\"rows\":[]}");
	cr_expect_eq(compare(base, new), 2);
	SAYS("no rows of figures");
	put(base, "{\"about\":{},\"rows\":[{\"row\":\"a\"}]}");
	cr_expect_eq(compare(new, base), 2);
	SAYS("no rows of figures");
}
