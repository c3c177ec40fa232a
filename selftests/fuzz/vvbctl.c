// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * vvbctl's command line, on a machine without the driver: whatever is typed, it ends with one
 * of its exit statuses, and with -j prints one JSON value.
 */
#include <stdbool.h>
#include <stdio.h>

#include "vvbctl/vvbctl.h"
#include "words.h"

/* Nothing that a command line may name exists: there is no such place. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const char *const places[] = { "VVB_DEVICE", "VVB_SYSFS", "VVB_BPFFS" };

	(void)argc, (void)argv;
	fuzz_hush();
	for (unsigned int i = 0; i < 3; i++)
		setenv(places[i], "/nonexistent/vvb", 1);
	return 0;
}

/* A load opens the file that is named, and what is in there is libbpf's to parse. */
static bool opens_files(const struct fuzz_words *w)
{
	for (int i = 1; i < w->nr; i++)
		if (!strncmp(w->word[i], "lo", 2))
			return true;
	return false;
}

/* Runs it with its output in memory. */
static int run(const struct fuzz_words *w, char **text, size_t *len)
{
	FILE *terminal = stdout;
	int status;

	stdout = open_memstream(text, len);
	status = vvbctl(w->nr, (char **)w->word);
	fclose(stdout);
	stdout = terminal;
	return status;
}

/* With -j there is one value, whatever happened. */
static void check_json(const char *text)
{
	json_tokener *parser = json_tokener_new();
	json_object *value = json_tokener_parse_ex(parser, text, (int)strlen(text));

	fuzz_check(json_tokener_get_error(parser) == json_tokener_success && value);
	text += json_tokener_get_parse_end(parser);
	fuzz_check(!text[strspn(text, "\n")]);
	json_object_put(value);
	json_tokener_free(parser);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_words w;
	char *text = NULL;
	size_t len;
	int status;

	fuzz_words(&w, "vvbctl", data, size);
	if (opens_files(&w))
		return -1;
	status = run(&w, &text, &len);
	fuzz_check(status == DONE || status == FAILED || status == USAGE);
	if (options.json)
		check_json(text);
	free(text);
	return 0;
}
